// The page's half of `touch.py`: it shows the picture and tells the kernel what the hand, or a key, did with it.
//
// All places are shares of the picture, 0 to 1 from its upper left corner: the kernel alone knows the Axes.
// Each thing that can be dragged is a segment `box` = [x0, y0, x1, y1] (a point, if both ends are one), or an area.

const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const [LEAST, MOST, SHARE] = [480, 1100, 0.58];   // a picture's width in pixels; of the window's height
const OVERLAY = "position:absolute;pointer-events:none;visibility:hidden;";
// Around the thing that the keys move there is a ring; a caption in the corner has its name, and what the keys do.
const CAPTION = OVERLAY + "left:4px;bottom:4px;padding:2px 8px;border-radius:6px;background:#222;color:#fff;font-size:12px";
const RING = OVERLAY + "width:26px;height:26px;margin:-15px;border:2px solid #000;outline:2px solid #fff;border-radius:50%";

function render({ model, el }) {
    const frame = el.appendChild(document.createElement("div"));
    const [image, ring, caption] = ["img", "div", "div"].map(tag => frame.appendChild(document.createElement(tag)));
    const [WIDTH, HEIGHT] = model.get("size");
    el.classList.add("kan-edu-picture");
    frame.style.cssText = `position:relative;width:${WIDTH}px;aspect-ratio:${WIDTH}/${HEIGHT}`;
    image.draggable = false;   // the browser would drag the picture itself
    image.style.cssText = "display:block;width:100%;height:100%;max-width:none;user-select:none";
    [ring.style.cssText, caption.style.cssText] = [RING, CAPTION];
    caption.setAttribute("aria-live", "polite");
    el.setAttribute("role", "application");                  // a screen reader then leaves the arrow keys to us,
    el.setAttribute("data-lm-suppress-shortcuts", "true");   // and so does JupyterLab
    let held = null;                  // what the pointer drags: {name, grip, click, far}
    let chosen = null;                // the name of the thing that the keys move
    let by_keys = false;              // whether the last one who did something was the keyboard
    let told = null, events = [];     // the last thing in the message that is on its way; what has happened since
    let fitted = JSON.stringify([WIDTH, 1, false]);   // how the picture was asked for
    const things = () => model.get("things");

    function show_picture() {
        const old = image.src;   // stays on the screen until the new one is decoded: nothing flickers
        image.src = URL.createObjectURL(new Blob([model.get("png")], { type: "image/png" }));
        if (old) URL.revokeObjectURL(old);
    }

    function show_words() {
        const thing = things().find(one => one.name === chosen) ?? things().find(one => !one.click);
        chosen = thing?.name ?? null;
        image.alt = model.get("alt");
        el.setAttribute("aria-label", thing ? "Picture with parts that can be dragged" : "Picture");
        el.tabIndex = thing ? 0 : -1;
        const seen = thing && by_keys && document.activeElement === el;
        ring.style.visibility = caption.style.visibility = seen ? "visible" : "hidden";
        if (!seen) return;
        const [x0, y0, x1, y1] = thing.area ? [...thing.at, ...thing.at] : thing.box;
        [ring.style.left, ring.style.top] = [`${50 * (x0 + x1)}%`, `${50 * (y0 + y1)}%`];
        caption.textContent = `${thing.says}. Arrow keys move it` + (things().length > 1 ? ", Space goes on" : "");
    }

    // As wide as the cell, but so low that what stands below it is seen, too; drawn anew in the kernel, not stretched.
    function fit() {
        const width = Math.round(Math.min(el.clientWidth, MOST, Math.max(LEAST, SHARE * innerHeight * WIDTH / HEIGHT)));
        const [r, g, b] = getComputedStyle(el).color.match(/[\d.]+/g), dark = r * 0.3 + g * 0.59 + b * 0.11 > 128;
        const asked = JSON.stringify([width, devicePixelRatio, dark]);   // light words: the page is dark
        if (width < 1 || asked === fitted) return;
        [fitted, frame.style.width] = [asked, `${width}px`];
        tell({ thing: "", width, ratio: devicePixelRatio, dark });
    }

    function tell(event) {
        const last = events.at(-1), same = last?.thing === event.thing && "right" in last === "right" in event;
        if (!same) events.push(event);
        else if ("right" in event) [last.right, last.up] = [last.right + event.right, last.up + event.up];
        else events[events.length - 1] = event;   // of a drag only the last place counts
        send();
    }

    function send() {
        if (told !== null || !events.length) return;
        told = events.at(-1).thing;
        model.send({ events });
        events = [];
    }

    // The answer has come with the picture. `held` is what now follows the hand: the direction tells which of two knots.
    function answered() {
        const now = model.get("held");
        for (const event of events) if (event.thing === told) event.thing = now;
        if (held?.name === told) held.name = now;
        if (chosen === told) chosen = now;
        told = null;
        show_words();
        send();
    }

    // What lies under the pointer: {thing, foot: its nearest place, place: the pointer's}; null if nothing is in reach.
    function under(event) {
        const { left, top, width, height } = image.getBoundingClientRect();
        const [x, y] = [event.clientX - left, event.clientY - top], place = [x / width, y / height];
        let found = null, least = 1;
        for (const thing of things()) {
            const [x0, y0, x1, y1] = thing.box.map((share, n) => share * (n % 2 ? height : width));
            // an area is the ground under all things: it counts if nothing else is near
            const inside = thing.area && !found && x0 <= x && x <= x1 && y0 <= y && y <= y1;
            if (inside) found = { thing, foot: place, place };
            if (thing.area) continue;
            const [dx, dy] = [x1 - x0, y1 - y0], part = ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy || 1);
            const along = Math.min(1, Math.max(0, part)), [fx, fy] = [x0 + along * dx, y0 + along * dy];
            const far = Math.hypot(x - fx, y - fy) / thing.reach;
            if (far < least) [least, found] = [far, { thing, foot: [fx / width, fy / height], place }];
        }
        return found;
    }

    function drag(event) {
        const { left, top, width, height } = image.getBoundingClientRect();
        const [x, y] = [(event.clientX - left) / width + held.grip[0], (event.clientY - top) / height + held.grip[1]];
        tell({ thing: held.name, x, y });
    }

    el.addEventListener("pointerdown", event => {
        const hit = event.button === 0 && event.isPrimary ? under(event) : null;
        if (!hit) return;
        event.preventDefault();
        el.setPointerCapture(event.pointerId);
        el.focus({ preventScroll: true });
        const { thing, foot, place } = hit;   // where it was taken hold of it is held: it does not jump to the pointer
        held = { name: thing.name, grip: [foot[0] - place[0], foot[1] - place[1]], click: thing.click };
        [chosen, by_keys] = [thing.name, false];
        show_words();
        if (thing.area && !thing.click) drag(event);
    });
    el.addEventListener("pointermove", event => {
        if (held?.click) held.far = held.far || Math.hypot(event.movementX, event.movementY) > 3;
        else if (held) drag(event);
        else el.style.cursor = under(event)?.thing.cursor ?? "default";
    });
    el.addEventListener("pointerup", event => {
        if (held?.click && !held.far) drag(event);
        held = null;
    });
    el.addEventListener("pointercancel", () => { held = null; });
    el.addEventListener("touchstart", event => {   // a finger on a thing drags it, beside things it scrolls the page
        if (held && event.cancelable) event.preventDefault();
    }, { passive: false });

    el.addEventListener("keydown", event => {
        const arrow = ARROWS[event.key], names = things().filter(thing => !thing.click).map(thing => thing.name);
        if (!names.length || event.ctrlKey || event.metaKey || event.altKey || !(arrow || event.key === " ")) return;
        event.preventDefault();
        event.stopPropagation();
        by_keys = true;
        if (!arrow) {
            const next = names.indexOf(chosen) + (event.shiftKey ? -1 : 1);
            chosen = names[(next + names.length) % names.length];
        }
        show_words();
        const [right, up] = (arrow ?? [0, 0]).map(presses => presses * (event.shiftKey ? 10 : 1));
        if (arrow) tell({ thing: chosen, right, up });
    });
    el.addEventListener("focus", () => { by_keys = el.matches(":focus-visible"); show_words(); });
    el.addEventListener("blur", show_words);

    model.on("change:png", show_picture);   // anywidget takes these off again when the picture leaves the page
    model.on("change:things change:alt", show_words);
    model.on("change:seen", answered);
    show_picture();
    show_words();
    const watches = [new ResizeObserver(fit), new MutationObserver(() => setTimeout(fit, 300))];   // colours fade over
    watches[0].observe(el);
    watches[1].observe(document.body, { attributes: true });   // another theme is another attribute there
    addEventListener("resize", fit);                           // the window's height, and its zoom
    return () => {
        for (const watch of watches) watch.disconnect();
        removeEventListener("resize", fit);
        URL.revokeObjectURL(image.src);
    };
}

export default { render };
