# The site with its database: built once, from raw/ and the pinned requirements, served read-only by `leadership serve`.
#   docker build -t openai-leadership-changes . && docker run --rm -p 8001:8001 openai-leadership-changes
FROM python:3.11-slim-bookworm AS build
ENV PYTHONPATH=/app/scripts PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
RUN python -m venv /venv
COPY requirements.txt ./
RUN /venv/bin/python -m pip install --quiet --require-hashes -r requirements.txt
COPY LICENSE LICENSE-DATA metadata.yml ./
COPY scripts scripts
COPY raw raw
RUN /venv/bin/python -m leadership build

FROM python:3.11-slim-bookworm
ENV PORT=8001 PYTHONPATH=/app/scripts PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app/LICENSE /app/LICENSE-DATA /app/metadata.yml ./
COPY --from=build /app/scripts scripts
COPY --from=build /app/curated/leadership.db curated/leadership.db
USER 10001:10001
EXPOSE 8001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s --retries=3 CMD ["/venv/bin/python", "scripts/deploy/healthy.py"]
# The host chooses the port; exec, so that the server itself is told to stop.
CMD ["/bin/sh", "-c", "exec /venv/bin/python -m leadership serve --host 0.0.0.0 --port ${PORT} --database curated/leadership.db"]
