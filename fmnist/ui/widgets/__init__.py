"""Parts that several pages show: canvas, gallery, answers."""
