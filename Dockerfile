# base: docker build -t robustgen .      full: docker build --build-arg EXTRAS="[stats,parquet,mcp,postgres]" -t robustgen:full .
FROM python:3.12-slim AS build
ARG EXTRAS=""
WORKDIR /src
COPY . .
RUN pip wheel --no-cache-dir --wheel-dir /wheels ".${EXTRAS}"

FROM python:3.12-slim
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir /wheels/* && rm -rf /wheels && useradd --create-home robustgen
USER robustgen
WORKDIR /work
ENTRYPOINT ["robustgen"]
CMD ["--help"]
