# The app. Data, runs and parsed arrays are volumes; without a data set it draws a demo set.
FROM python:3.11-slim
WORKDIR /app
COPY requirements.txt ./
RUN python -m pip install --no-cache-dir --no-deps -r requirements.txt
COPY app.py ./
COPY .streamlit/ .streamlit/
COPY assets/ assets/
COPY fmnist/ fmnist/
COPY pages/ pages/
# Shipped runs: a new volume begins as a copy of this folder.
COPY models/ /data/models/
RUN mkdir -p /data/archive /data/cache && chown -R 1000:1000 /data
ENV FMNIST_ARCHIVE=/data/archive FMNIST_MODELS=/data/models FMNIST_CACHE=/data/cache HOME=/tmp
ENV STREAMLIT_SERVER_PORT=8501 STREAMLIT_SERVER_ADDRESS=0.0.0.0 STREAMLIT_SERVER_HEADLESS=true
USER 1000
VOLUME ["/data/archive", "/data/models", "/data/cache"]
EXPOSE 8501
HEALTHCHECK --start-period=60s CMD python -c "import os, urllib.request as r; r.urlopen('http://localhost:' + os.environ['STREAMLIT_SERVER_PORT'] + '/_stcore/health')"
CMD ["python", "-m", "streamlit", "run", "app.py"]
