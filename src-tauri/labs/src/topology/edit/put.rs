//! Putting an entry into a map, or an item into a list, after the last.

use super::error::Doubt;
use super::lines::is_comment;
use super::new::Child;
use super::script::{Holder, Script, elsewhere};
use super::splice::Splices;
use super::syntax::{self, Shape};
use std::ops::Range;

/// Puts something after the last entry or item of what a key holds.
pub(super) fn put(
    script: &Script<'_>,
    holder: Holder<'_>,
    child: &Child,
    splices: &mut Splices,
) -> Result<(), Doubt> {
    let piece = holder.piece;
    match &piece.shape {
        Shape::Nothing => first(script, holder, child, splices),
        // `~` and `null`.
        Shape::Text(_) if holder.entry.value.is_null() => first(script, holder, child, splices),
        Shape::Map { .. } | Shape::List { .. } => {
            let children = script.children(holder)?;
            if children.is_empty() {
                first(script, holder, child, splices)
            } else if piece.is_flow() {
                after_in_flow(
                    script,
                    script.inside(piece).start,
                    &children,
                    child,
                    splices,
                );
                Ok(())
            } else {
                after_in_lines(script, &children, child, splices);
                Ok(())
            }
        }
        _ => Err(elsewhere(piece, &holder.entry.key)),
    }
}

fn after_in_lines(
    script: &Script<'_>,
    children: &[Range<usize>],
    child: &Child,
    splices: &mut Splices,
) {
    let Some(last) = children.last() else { return };
    let lines = &script.lines;
    let column = lines.column(last.start);
    let line = script.last_line(lines.of(last.end), column, lines.count());
    let mut new = child.lines(column);
    if separated(script, children) {
        new.insert(0, String::new());
    }
    insert_below(script, line, &new, splices);
}

/// Whether an empty line stands between the last two.
fn separated(script: &Script<'_>, children: &[Range<usize>]) -> bool {
    let [.., before, last] = children else {
        return false;
    };
    let between = script.lines.of(before.end) + 1..script.lines.of(last.start);
    between.into_iter().any(|line| script.lines.is_blank(line))
}

/// Lines below a line.
fn insert_below(script: &Script<'_>, line: usize, new: &[String], splices: &mut Splices) {
    let lines = &script.lines;
    let newline = lines.newline(line);
    let text = new.join(newline);
    if lines.ending(line).is_empty() {
        splices.insert(lines.end(line), format!("{newline}{text}"));
    } else {
        splices.insert(lines.after(line), format!("{text}{newline}"));
    }
}

/// The first entry or item of what is empty: nothing, `null`, `{}` or `[]`.
fn first(
    script: &Script<'_>,
    holder: Holder<'_>,
    child: &Child,
    splices: &mut Splices,
) -> Result<(), Doubt> {
    let lines = &script.lines;
    let (key, piece) = (holder.key, holder.piece);
    let line = lines.of(key.span.start);
    let unclear = Doubt::Layout { line: line + 1 };
    if piece.marked || key.marked {
        return Err(Doubt::shared(&holder.entry.key));
    }
    let colon = syntax::colon(&script.masked, key).ok_or_else(|| unclear.clone())?;
    let end = match piece.shape {
        Shape::Nothing => colon,
        _ => piece.span.end,
    };
    let brackets = piece.is_flow().then(|| script.inside(piece));
    let inside = brackets.clone().and_then(|range| script.text.get(range));
    let empty = inside.is_none_or(|inside| inside.chars().all(|c| c == ' '));
    if !empty || lines.of(end) != line {
        return Err(unclear);
    }
    if holder.in_flow {
        let text = child.flow();
        let behind = lines.behind(end);
        let end = end + behind.len() - behind.trim_start_matches(' ').len();
        match (brackets, child) {
            (Some(brackets), _) => splices.replace(brackets, text),
            (None, Child::Entry(..)) => splices.replace(colon..end, format!(" {{{text}}}")),
            (None, Child::Item { .. }) => splices.replace(colon..end, format!(" [{text}]")),
        }
        return Ok(());
    }
    if !is_comment(lines.behind(end)) {
        return Err(unclear);
    }
    if end > colon {
        splices.remove(colon..end);
    }
    let column = lines.column(key.span.start);
    let below = script.last_line(line, column, lines.count());
    let new = child.lines(column + script.step());
    insert_below(script, below, &new, splices);
    Ok(())
}

/// After the last entry in braces, or the last item in brackets.
fn after_in_flow(
    script: &Script<'_>,
    opened: usize,
    children: &[Range<usize>],
    child: &Child,
    splices: &mut Splices,
) {
    let lines = &script.lines;
    let Some(last) = children.last() else { return };
    let before = children.iter().rev().nth(1);
    let text = child.flow();
    let own_line = lines.before(last.start).trim().is_empty()
        && lines.of(before.map_or(opened, |before| before.start)) != lines.of(last.start);
    if !own_line {
        let between = before.and_then(|before| script.text.get(before.end..last.start));
        let comma = if between == Some(",") { "," } else { ", " };
        return splices.insert(last.end, format!("{comma}{text}"));
    }
    let line = lines.of(last.end);
    let newline = lines.newline(line);
    let indent = lines.before(last.start);
    let behind = lines.behind(last.end);
    let (comma, rest) = match behind.trim_start().strip_prefix(',') {
        Some(rest) => (",", rest),
        None => ("", behind),
    };
    if is_comment(rest) {
        if comma.is_empty() {
            splices.insert(last.end, ",");
        }
        splices.insert(lines.end(line), format!("{newline}{indent}{text}{comma}"));
    } else {
        splices.insert(last.end, format!(",{newline}{indent}{text}"));
    }
}
