"""The Streamlit code that pages share: frame, caches, pictures, live panel."""
