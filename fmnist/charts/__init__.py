"""Builds Plotly figures from arrays and data frames; independent of Streamlit."""
