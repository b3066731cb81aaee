//! A large lab in the window: how long until it is drawn, how it moves, and what it costs while nothing happens.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use labwright_testbed::desktop::COMPOSING;
use labwright_testbed::{Display, Engine, Kind, LabImage, Launch, Window};
use serde_json::{Value, json};

use crate::arguments::Arguments;
use crate::fabric;
use crate::machine;
use crate::motion::{Motion, Motions};
use crate::process::measure;
use crate::report::{median, verdict};
use crate::rest::{self, Rest, all_cpu};

/// The lab.
const NAME: &str = "fabric";
const NODES: usize = 200;
const LINKS: usize = 400;

/// What is aimed at: milliseconds until it is drawn, frames a second while it moves, per cent of a core at rest.
const DRAWN_WANTED: f64 = 2000.0;
const FRAMES_WANTED: f64 = 30.0;
const REST_WANTED: f64 = 1.0;

/// How long the window is left alone before its costs are taken, and while they are.
const QUIET: Duration = Duration::from_secs(5);
const REST: Duration = Duration::from_secs(20);
/// Nobody finds a lab in a list sooner than that.
const GLANCE: Duration = Duration::from_secs(1);
/// So many nodes are not looked at by the program in no time.
const READY_LIMIT: Duration = Duration::from_secs(120);

/// Watches a lab come into the drawing.
const DRAWN: &str = include_str!("drawn.js");

const LISTED: &str = "[data-lab]";
const BACK: &str = "header [aria-label='All labs']";

/// When a lab was in the drawing, in milliseconds since it was asked for.
#[derive(Clone, Copy, Debug)]
struct Coming {
    /// The page had the lab, and its drawing began.
    begun: f64,
    /// The layout was there.
    laid: f64,
    /// All nodes and links were on the screen, and stood still.
    drawn: f64,
    /// CPU time of all of the window's processes meanwhile.
    cost: f64,
}

impl Coming {
    fn read(told: &Value, asked: f64, cost: f64) -> Self {
        let since = |name: &str| told[name].as_f64().unwrap_or(f64::NAN) - asked;
        Self {
            begun: since("begun"),
            laid: since("laid"),
            drawn: since("drawn"),
            cost,
        }
    }
}

/// One start of the program.
#[derive(Debug)]
struct Round {
    /// Opened by another start of the program with the file.
    handed: Coming,
    /// Opened in the list of a page that was just loaded.
    listed: Coming,
    motions: Motions,
    rest: Rest,
}

/// Measures on an engine of its own.
pub(crate) fn run_alone(arguments: &Arguments) {
    let kind = *arguments.engines.first().unwrap_or(&Kind::Classic);
    run(arguments, &Engine::private(kind));
    println!("load {}", machine::load());
}

/// Measures with the lab's file only, and then once with all of its nodes running.
pub(crate) fn run(arguments: &Arguments, engine: &Engine) {
    let image = LabImage::busybox();
    engine.import(&image);
    println!("\na lab of {NODES} nodes and {LINKS} links, not deployed");
    println!(
        "round  | drawn when handed over (begun, laid out, CPU)  from the list (begun, laid out, CPU)  | frames/s, longest, CPU for each: whole  zoomed  close  a node  | at rest: CPU of program / page / all  memory"
    );
    let rounds: Vec<Round> = (1..=arguments.rounds)
        .map(|number| {
            let round = measure_file(arguments, engine, &image);
            print(number, &round);
            round
        })
        .collect();
    report(&rounds);
    measure_deployed(arguments, engine, &image);
}

fn print(number: usize, round: &Round) {
    let Round {
        handed,
        listed,
        motions,
        rest,
    } = round;
    println!(
        "{number:>5}  | {}  {}  | {}  {}  {}  {}  | {rest}",
        columns(*handed),
        columns(*listed),
        motions.whole,
        motions.zoomed,
        motions.close,
        motions.node
    );
}

fn columns(coming: Coming) -> String {
    let Coming {
        begun,
        laid,
        drawn,
        cost,
    } = coming;
    format!("{drawn:>6.0} ms ({begun:>4.0}, {laid:>4.0}, {cost:>4.0})")
}

fn report(rounds: &[Round]) {
    let of = |value: fn(&Round) -> f64| median(rounds.iter().map(value));
    for (way, drawn) in [
        ("handed over", of(|round| round.handed.drawn)),
        ("from the list", of(|round| round.listed.drawn)),
    ] {
        let met = verdict(drawn < DRAWN_WANTED);
        println!("{met}  {way}: drawn after {drawn:.0} ms, wanted less than {DRAWN_WANTED:.0}");
    }
    for (what, rate) in [
        ("the whole drawing", of(|round| round.motions.whole.rate)),
        ("zoomed", of(|round| round.motions.zoomed.rate)),
        ("close", of(|round| round.motions.close.rate)),
        ("a node", of(|round| round.motions.node.rate)),
    ] {
        report_frames(what, rate);
    }
    report_rest(of(|round| round.rest.all));
}

fn report_frames(what: &str, rate: f64) {
    let met = verdict(rate >= FRAMES_WANTED);
    println!("{met}  {what}: {rate:.0} frames a second, wanted {FRAMES_WANTED:.0} or more");
}

fn report_rest(all: f64) {
    let met = verdict(all < REST_WANTED);
    println!("{met}  at rest: {all:.2} % of a core, wanted less than {REST_WANTED:.0}");
}

fn measure_file(arguments: &Arguments, engine: &Engine, image: &LabImage) -> Round {
    // A home of its own: where nodes were put before is not known.
    let display = Display::new();
    let file = write(&display, image);
    let window = open(arguments, engine, &display);
    let handed = hand_over(arguments, &window, &file);
    window.click_first(BACK);
    window.find(LISTED);
    window.reload();
    window.press("Control+1");
    window.find(LISTED);
    thread::sleep(GLANCE);
    let listed = open_listed(&window);
    let motions = Motions::measure(&window);
    Round {
        handed,
        listed,
        motions,
        rest: at_rest(&window),
    }
}

fn measure_deployed(arguments: &Arguments, engine: &Engine, image: &LabImage) {
    let display = Display::new();
    let file = write(&display, image);
    let lw = |words: &[&str]| {
        let mut command: Command = display.command(arguments.program.with_file_name("lw"));
        command
            .args(["--json", "--engine", &engine.address(), "lab"])
            .args(words);
        measure(command).seconds
    };
    println!("\nthe same, deployed");
    let seconds = lw(&["deploy", &file.to_string_lossy()]);
    println!("deployed in {seconds:.1} s");
    let window = open(arguments, engine, &display);
    let asked = Instant::now();
    let drawn = hand_over(arguments, &window, &file);
    let all = format!("{NODES} ready");
    window.wait_within(READY_LIMIT, &all, || {
        let said = "return document.querySelector('header').innerText.includes(arguments[0])";
        (window.run(said, &[json!(all)]) == true).then_some(())
    });
    let ready = asked.elapsed().as_secs_f64();
    println!(
        "drawn when handed over {}, all ready after {ready:.1} s",
        columns(drawn)
    );
    let whole = Motion::of_whole(&window);
    let rest = at_rest(&window);
    println!(
        "frames/s, longest, CPU for each: whole {whole}  | at rest: CPU of program / page / all {rest}"
    );
    report_frames("the whole drawing", whole.rate);
    report_rest(rest.all);
    drop(window);
    println!("destroyed in {:.1} s", lw(&["destroy", NAME]));
}

fn write(display: &Display, image: &LabImage) -> PathBuf {
    let file = display.home().join("fabric.clab.yml");
    let text = fabric::topology(NAME, image.reference());
    fs::write(&file, text).expect("the home can be written to");
    file
}

/// Opens the window as its users see it, and leaves it alone until it is at rest.
fn open(arguments: &Arguments, engine: &Engine, display: &Display) -> Window {
    let window = Launch::new(&arguments.program)
        .variable("LW_ENGINE", engine.address())
        .variable(COMPOSING, "")
        .open(display);
    window.wait_for("the page to be used", || {
        let mark = "return performance.getEntriesByName('interactive').length";
        (window.run(mark, &[]) == 1).then_some(())
    });
    thread::sleep(QUIET);
    window
}

/// Opens the lab as a file manager does.
fn hand_over(arguments: &Arguments, window: &Window, file: &Path) -> Coming {
    watch(window, None);
    let before = all_cpu(window);
    let since1970 = SystemTime::UNIX_EPOCH.elapsed();
    let asked = since1970.expect("it is later than 1970").as_secs_f64() * 1000.0;
    let mut command = window.display().command(&arguments.program);
    let given = command.arg(file).status();
    assert!(
        given.is_ok_and(|status| status.success()),
        "a second instance hands over its file"
    );
    let told = drawn(window);
    Coming::read(&told, asked, all_cpu(window) - before)
}

/// Opens the lab with a click.
fn open_listed(window: &Window) -> Coming {
    let before = all_cpu(window);
    watch(window, Some(LISTED));
    let told = drawn(window);
    let asked = told["asked"].as_f64().unwrap_or(f64::NAN);
    Coming::read(&told, asked, all_cpu(window) - before)
}

fn watch(window: &Window, clicked: Option<&str>) {
    window.run(DRAWN, &[json!(NODES), json!(clicked)]);
}

fn drawn(window: &Window) -> Value {
    window.run("return window.__labDrawn", &[])
}

/// Nothing is chosen any more, and the pointer is elsewhere.
fn at_rest(window: &Window) -> Rest {
    window.press("Escape");
    window.display().point(1, 899);
    thread::sleep(QUIET);
    rest::measure(window, REST)
}
