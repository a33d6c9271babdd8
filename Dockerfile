# Second Order in one image: API, workspace, worker and command line. Built from Docker's documented contract; the
# project's own checks read this file but run no container engine.
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
ENV UV_PYTHON_DOWNLOADS=never PIP_DISABLE_PIP_VERSION_CHECK=1
COPY pyproject.toml requirements.lock README.md setup.sh ./
COPY memory memory
COPY prompts prompts
COPY tools tools
COPY agent agent
COPY eval eval
COPY api api
RUN ./setup.sh

FROM python:3.11-slim-bookworm
RUN useradd --create-home --uid 10001 second-order && mkdir /data && chown second-order /data
COPY --from=build --chown=root:root /app /app
WORKDIR /app
ENV PATH="/app/.venv/bin:$PATH" \
    PYTHONUNBUFFERED=1 \
    SECONDORDER_HOME=/data \
    SECONDORDER_HOST=0.0.0.0
VOLUME /data
EXPOSE 8080
USER second-order
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8080/ready', timeout=4)"]
ENTRYPOINT ["secondorder"]
CMD ["serve"]
