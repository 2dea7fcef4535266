"""Parts that several pages show: canvas, gallery, predictions, explanations, run choice."""
