"use strict";
const items = [...document.querySelectorAll(".finding")], selects = [...document.querySelectorAll("[data-filter]")];
const search = document.querySelector("[data-search]"), shown = document.querySelector("[data-shown]"), nothing = document.querySelector("[data-none]"), form = document.querySelector("form");
const texts = new Map();
let cause = "";
function textOf(item) {
  if (!texts.has(item)) texts.set(item, item.textContent.toLowerCase());
  return texts.get(item);
}
function apply() {
  const needle = search.value.trim().toLowerCase();
  let count = 0;
  for (const item of items) {
    const fits = selects.every(s => !s.value || item.dataset[s.dataset.filter] === s.value) && (!cause || item.dataset.cause === cause) && (!needle || textOf(item).includes(needle));
    item.hidden = !fits;
    count += fits;
  }
  nothing.hidden = count > 0;
  shown.textContent = count + " of " + items.length + " shown";
  for (const button of document.querySelectorAll("[data-cause-button]")) button.setAttribute("aria-pressed", String(button.dataset.causeButton === cause));
}
function reveal() {
  const item = location.hash.startsWith("#f-") ? document.getElementById(location.hash.slice(1)) : null;
  if (!item) return;
  if (item.hidden) { form.reset(); cause = ""; apply(); }
  item.open = true;
  item.scrollIntoView();
}
function move(step) {
  const open = items.filter(i => !i.hidden);
  if (!open.length) return;
  const at = open.indexOf(document.activeElement.closest ? document.activeElement.closest(".finding") : null);
  const next = open[Math.min(open.length - 1, Math.max(0, at + step))];
  next.querySelector("summary").focus();
  next.scrollIntoView({ block: "nearest" });
}
if (form) {
  form.addEventListener("submit", event => event.preventDefault());
  form.addEventListener("reset", () => { cause = ""; setTimeout(apply); });
  for (const s of selects) s.addEventListener("change", apply);
  search.addEventListener("input", apply);
  document.querySelector("[data-clear]").addEventListener("click", () => { form.reset(); search.focus(); });
  for (const button of document.querySelectorAll("[data-cause-button]")) button.addEventListener("click", () => {
    cause = cause === button.dataset.causeButton ? "" : button.dataset.causeButton;
    apply();
    document.getElementById("findings").scrollIntoView();
  });
  for (const button of document.querySelectorAll("[data-open]")) button.addEventListener("click", () => {
    for (const item of items) if (!item.hidden) item.open = button.dataset.open === "yes";
  });
  search.addEventListener("keydown", event => { if (event.key === "Escape") { search.value = ""; search.blur(); apply(); } });
  addEventListener("hashchange", reveal);
  reveal();
  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    if (event.key === "/") { event.preventDefault(); search.focus(); }
    if (event.key === "j") move(1);
    if (event.key === "k") move(-1);
  });
  addEventListener("beforeprint", () => { for (const item of items) if (!item.hidden) item.open = true; });
}
