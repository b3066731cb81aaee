// Watches a lab come into the drawing. All of it is drawn once its lines are, and no node and no place is another than in
// the frame before. Arguments: how many nodes the lab has, and what is clicked on first, if anything is.
// `window.__labDrawn` becomes a promise of when it was asked for, begun, laid out and drawn, in milliseconds since 1970.
const [nodes, clicked] = arguments;
const boxes = document.getElementsByClassName("svelte-flow__node");
// They are drawn all at once.
const hasLines = () => {
    const canvas = document.querySelector(".drawing canvas");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.some((value) => value > 0);
};
const look = () => {
    if (boxes.length < nodes || !hasLines()) return null;
    const view = document.querySelector(".svelte-flow__viewport");
    return [view.style.transform, ...Array.from(boxes, (box) => box.style.transform)].join();
};
const wait = (asked) => {
    const since1970 = (time) => performance.timeOrigin + time;
    let begun = null;
    let before = null;
    return new Promise((resolve) => {
        const watch = () => {
            if (begun === null && document.querySelector(".drawing")) begun = performance.now();
            const now = look();
            if (now === null || now !== before) {
                before = now;
                requestAnimationFrame(watch);
                return;
            }
            const drawn = performance.now();
            const laid = performance.getEntriesByName("lab drawn").at(-1)?.startTime ?? NaN;
            resolve({ asked: since1970(asked), begun: since1970(begun), laid: since1970(laid), drawn: since1970(drawn) });
        };
        requestAnimationFrame(watch);
    });
};
window.__labDrawn = wait(performance.now());
if (clicked) document.querySelector(clicked).click();
