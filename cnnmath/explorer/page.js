// In the built page every element of class `cnnmath-figure` holds its state as JSON, and is brought
// to life when it comes near the window. Until then it costs nothing.
function bringToLife() {
  const seen = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        seen.unobserve(target);
        const state = target.querySelector("script[type='application/json']").textContent;
        mount(target, JSON.parse(state));
      }
    },
    { rootMargin: "200px" },
  );
  for (const root of document.querySelectorAll(".cnnmath-figure")) seen.observe(root);
}

if (document.readyState === "loading") {
  document.addEventListener("DOMContentLoaded", bringToLife);
} else {
  bringToLife();
}
