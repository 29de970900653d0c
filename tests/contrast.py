"""How much one colour stands out from another, by WCAG 2, for scripts that look at a page."""

ENOUGH = 4.5
"""The least contrast of small letters with what is behind them."""

RATIO = """
    const luminance = (rgb) => {
        const [r, g, b] = rgb.map((value) => value / 255)
            .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = (...colours) => {
        const [low, high] = colours.map(luminance).sort((p, q) => p - q);
        return (high + 0.05) / (low + 0.05);
    };
"""
"""`contrast`, of two colours as red, green and blue up to 255."""
