"""Arrays and frames in, Plotly figures out; no Streamlit here."""
