//! How a drawing moves under a hand on the mouse.

use std::f64::consts::TAU;
use std::fmt;
use std::time::Duration;

use labwright_testbed::Window;
use serde_json::{Value, json};

use crate::rest::all_cpu;

/// Watches what moves.
const FRAMES: &str = include_str!("frames.js");

/// What moves when the drawing does.
const VIEW: &str = ".svelte-flow__viewport";

/// The hand goes round in circles of this radius, in pixels, so often, in so many steps each.
const RADIUS: f64 = 60.0;
const ROUNDS: u32 = 4;
const STEPS: u32 = 125;
/// A usual mouse tells 125 times a second where it is; a wheel that is turned quickly, half as often.
const STEP: Duration = Duration::from_millis(8);
const NOTCH: Duration = Duration::from_millis(16);
/// How often it is zoomed in and out, and how near: so that all that is drawn of nodes and links is.
const ZOOMS: usize = 3;
const NEAR: f64 = 1.0;

/// A place of the drawing where nothing is drawn.
const EMPTY: &str = "
    const { left, top, right, bottom } = document.querySelector('.svelte-flow__pane').getBoundingClientRect();
    for (let y = (top + bottom) / 2; y > top + 8; y -= 4)
        for (let x = (left + right) / 2; x > left + 8; x -= 4)
            if (document.elementFromPoint(x, y)?.classList.contains('svelte-flow__pane')) return [x, y];
    return null;";

/// The middle of the drawing, and how large what is drawn is.
const LOOK: &str = "
    const { left, top, width, height } = document.querySelector('.svelte-flow__pane').getBoundingClientRect();
    const view = getComputedStyle(document.querySelector('.svelte-flow__viewport'));
    return [left + width / 2, top + height / 2, new DOMMatrix(view.transform).a];";

/// The node that is the nearest to a place, and its middle.
const NEAREST: &str = "
    const [x, y] = arguments;
    const nodes = Array.from(document.querySelectorAll('.svelte-flow__node'), (node) => {
        const box = node.getBoundingClientRect();
        return { id: node.dataset.id, x: box.x + box.width / 2, y: box.y + box.height / 2 };
    });
    const far = (node) => Math.hypot(node.x - x, node.y - y);
    return nodes.sort((one, other) => far(one) - far(other))[0] ?? null;";

/// Frames in which something moved.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Motion {
    /// In a second.
    pub(crate) rate: f64,
    /// The longest time between two, in milliseconds.
    longest: f64,
    /// CPU time of all of the window's processes for each, in milliseconds: it tells more than the others where other
    /// programs work too.
    cost: f64,
}

impl fmt::Display for Motion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            rate,
            longest,
            cost,
        } = self;
        write!(formatter, "{rate:>3.0} {longest:>4.0} ms {cost:>4.1} ms")
    }
}

/// The ways in which a drawing is moved.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Motions {
    /// All of it is in sight, and is pulled.
    pub(crate) whole: Motion,
    /// The wheel leads near and back again.
    pub(crate) zoomed: Motion,
    /// It is pulled while it is seen from near.
    pub(crate) close: Motion,
    /// A node is pulled, with all in sight.
    pub(crate) node: Motion,
}

impl Motions {
    /// Moves the drawing that the window shows.
    pub(crate) fn measure(window: &Window) -> Self {
        let whole = Motion::of_whole(window);
        let (middle, notches) = way_near(window);
        let turn = |notches: i32| window.display().turn_wheel(middle, notches, NOTCH);
        let zoomed = Motion::of(window, VIEW, || {
            for _ in 0..ZOOMS {
                turn(notches);
                turn(-notches);
            }
        });
        turn(notches);
        let close = Motion::of_whole(window);
        turn(-notches);
        Self {
            whole,
            zoomed,
            close,
            node: Motion::of_node(window, middle),
        }
    }
}

impl Motion {
    /// Pulls the drawing by a place where nothing is drawn.
    pub(crate) fn of_whole(window: &Window) -> Self {
        let empty = window.run(EMPTY, &[]);
        let place = (number(&empty[0]), number(&empty[1]));
        Self::of(window, VIEW, || {
            window.display().lead(&circles(place), STEP);
        })
    }

    /// Pulls the node that is the nearest to a place.
    fn of_node(window: &Window, (x, y): (f64, f64)) -> Self {
        let nearest = window.run(NEAREST, &[json!(x), json!(y)]);
        let place = (number(&nearest["x"]), number(&nearest["y"]));
        let id = nearest["id"].as_str().unwrap_or_default();
        let node = format!(".svelte-flow__node[data-id='{id}']");
        Self::of(window, &node, || {
            window.display().lead(&circles(place), STEP);
        })
    }

    /// Watches what the selector matches while a hand moves it.
    fn of(window: &Window, moving: &str, hand: impl FnOnce()) -> Self {
        window.run(FRAMES, &[json!(moving)]);
        let before = all_cpu(window);
        hand();
        let told = window.run("return window.__frames()", &[]);
        Self {
            rate: number(&told["rate"]),
            longest: number(&told["longest"]),
            cost: (all_cpu(window) - before) / number(&told["count"]),
        }
    }
}

/// The middle of the drawing, and by how many notches the wheel leads near.
fn way_near(window: &Window) -> ((f64, f64), i32) {
    let look = || {
        let told = window.run(LOOK, &[]);
        ((number(&told[0]), number(&told[1])), number(&told[2]))
    };
    let (middle, far) = look();
    window.display().turn_wheel(middle, 1, NOTCH);
    let nearer = window.wait_for("the wheel to zoom", || {
        let (_, scale) = look();
        (scale > far).then_some(scale)
    });
    window.display().turn_wheel(middle, -1, NOTCH);
    let notches = (NEAR / far).ln() / (nearer / far).ln();
    #[expect(clippy::cast_possible_truncation, reason = "some dozens")]
    (middle, notches.round() as i32)
}

/// Round in circles, beginning at a place.
fn circles((x, y): (f64, f64)) -> Vec<(f64, f64)> {
    let steps = 0..=ROUNDS * STEPS;
    let angles = steps.map(|step| TAU * f64::from(step) / f64::from(STEPS));
    angles
        .map(|angle| (x + RADIUS * angle.sin(), y + RADIUS * (1.0 - angle.cos())))
        .collect()
}

/// What the page says; what is no number, is none.
fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}
