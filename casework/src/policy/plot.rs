//! A simulation as a picture: SVG 1.1 written by hand, readable without colours and by a screen reader.

use super::{PortfolioCase, SimulatedPolicy};
use crate::money::Cents;

const WIDTH: f64 = 960.0;
const LEFT: f64 = 90.0;
const RIGHT: f64 = 20.0;
const HEIGHT: f64 = 250.0;
const GAP: f64 = 118.0;
const TOP: f64 = 92.0;
/// Blue, orange, green, grey: told apart by people who see colours differently (Okabe and Ito).
const COLOURS: [&str; 4] = ["#0072b2", "#e69f00", "#009e73", "#777777"];
const DASHES: [&str; 4] = ["none", "8 4", "2 3", "10 3 2 3"];

/// Draws three panels: what each scale would pay alone beside what the policy pays, what the budget still holds after
/// each case, and what waiting would earn.
pub fn plot(policies: &[SimulatedPolicy], cases: &[PortfolioCase]) -> String {
    let height = TOP + 3.0 * (HEIGHT + GAP);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" font-family=\"sans-serif\" font-size=\"13\" role=\"img\" aria-labelledby=\"t d\">\n<title id=\"t\">Bounty policies compared over {} cases</title>\n<desc id=\"d\">{}</desc>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n<text x=\"20\" y=\"30\" font-size=\"20\" font-weight=\"bold\">Bounty policies compared over {} cases</text>\n<text x=\"20\" y=\"50\" fill=\"#444\">Each amount is in the policy’s own currency.</text>\n",
        cases.len(),
        escape(&described(policies)),
        cases.len()
    );
    totals(&mut svg, policies, TOP);
    budgets(&mut svg, policies, cases.len(), TOP + HEIGHT + GAP);
    waiting(&mut svg, policies, TOP + 2.0 * (HEIGHT + GAP));
    svg.push_str("</svg>\n");
    svg
}

fn described(policies: &[SimulatedPolicy]) -> String {
    let one = |p: &SimulatedPolicy| format!("{}: {} {} to {} cases", p.policy, p.total, p.currency, p.paid_cases);
    policies.iter().map(one).collect::<Vec<_>>().join("; ")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[expect(clippy::cast_precision_loss, reason = "a picture: below a hundredth of a pixel")]
fn units(c: Cents) -> f64 {
    c.0 as f64 / 100.0
}

/// A round number at or above the largest value: 1, 2 or 5 times a power of ten.
fn ceiling(values: impl Iterator<Item = f64>) -> f64 {
    let most = values.fold(1.0, f64::max);
    let mut step = 1.0;
    for factor in [2.0, 2.5, 2.0].into_iter().cycle().take(60) {
        if step >= most {
            break;
        }
        step *= factor;
    }
    step
}

fn short(units: f64) -> String {
    let with = |n: f64, sign: &str| {
        let text = format!("{n:.2}");
        format!("{}{sign}", text.trim_end_matches('0').trim_end_matches('.'))
    };
    if units >= 1e6 {
        with(units / 1e6, " m")
    } else if units >= 1e3 {
        with(units / 1e3, " k")
    } else {
        with(units, "")
    }
}

/// The title, the axis and its lines. Answers how high a value is.
fn panel(svg: &mut String, title: &str, top: f64, most: f64) -> impl Fn(f64) -> f64 + use<> {
    let bottom = top + HEIGHT;
    svg.push_str(&format!(
        "<text x=\"20\" y=\"{}\" font-size=\"15\" font-weight=\"bold\">{title}</text>\n",
        top - 14.0
    ));
    for quarter in 0..=4u8 {
        let share = f64::from(quarter) / 4.0;
        let y = bottom - share * HEIGHT;
        svg.push_str(&format!(
            "<line x1=\"{LEFT}\" x2=\"{}\" y1=\"{y:.1}\" y2=\"{y:.1}\" stroke=\"#ddd\"/>\n<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"#444\">{}</text>\n",
            WIDTH - RIGHT,
            LEFT - 8.0,
            y + 4.0,
            short(share * most)
        ));
    }
    move |value| bottom - value / most * HEIGHT
}

fn bar(svg: &mut String, x: f64, width: f64, top: f64, bottom: f64, colour: &str, label: &str) {
    svg.push_str(&format!(
        "<rect x=\"{x:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{:.1}\" fill=\"{colour}\"><title>{}</title></rect>\n",
        bottom - top,
        escape(label)
    ));
    let text = label.rsplit(": ").next().unwrap_or_default();
    svg.push_str(&format!(
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" font-size=\"11\">{}</text>\n",
        x + width / 2.0,
        top - 4.0,
        escape(text)
    ));
}

fn places(count: usize) -> (f64, f64) {
    let count = u32::try_from(count.max(1)).map_or(1.0, f64::from);
    let each = (WIDTH - LEFT - RIGHT) / count;
    (LEFT, each)
}

fn number(n: usize) -> f64 {
    u32::try_from(n).map_or(0.0, f64::from)
}

fn name(svg: &mut String, middle: f64, y: f64, p: &SimulatedPolicy, more: &str) {
    svg.push_str(&format!(
        "<text x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\" font-weight=\"bold\">{}</text>\n<text x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#444\" font-size=\"12\">{}</text>\n",
        y + 20.0,
        escape(&p.policy),
        y + 37.0,
        escape(more)
    ));
}

fn totals(svg: &mut String, policies: &[SimulatedPolicy], top: f64) {
    let most = ceiling(policies.iter().flat_map(|p| p.alone.into_iter().chain([p.total])).map(units));
    let height = panel(svg, "What each scale would pay alone, and what the policy pays", top, most);
    let (left, each) = places(policies.len());
    let kinds = ["share of the sanction", "compute scale", "harm scale", "the policy, with caps and budget"];
    for (i, p) in policies.iter().enumerate() {
        let begin = left + each * number(i);
        let wide = each / 5.5;
        let values = p.alone.into_iter().chain([p.total]);
        for (k, ((value, colour), kind)) in values.zip(COLOURS).zip(kinds).enumerate() {
            let x = begin + each * 0.1 + wide * number(k) * 1.1;
            let label = format!("{}, {kind}: {}", p.policy, short(units(value)));
            bar(svg, x, wide, height(units(value)), top + HEIGHT, colour, &label);
        }
        name(svg, begin + each / 2.0, top + HEIGHT, p, &format!("{}, {} cases paid", p.currency, p.paid_cases));
    }
    for (k, (kind, colour)) in kinds.into_iter().zip(COLOURS).enumerate() {
        let x = LEFT + 210.0 * number(k);
        let y = top + HEIGHT + 54.0;
        svg.push_str(&format!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"12\" height=\"12\" fill=\"{colour}\"/>\n<text x=\"{}\" y=\"{}\">{kind}</text>\n",
            x + 18.0,
            y + 11.0
        ));
    }
}

fn budgets(svg: &mut String, policies: &[SimulatedPolicy], cases: usize, top: f64) {
    let with: Vec<&SimulatedPolicy> =
        policies.iter().filter(|p| p.awards.first().is_some_and(|a| a.left.is_some())).collect();
    let begins = |p: &SimulatedPolicy| p.awards.first().map(|a| units(a.left.unwrap_or_default()) + units(a.amount));
    let most = ceiling(with.iter().filter_map(|p| begins(p)));
    let height = panel(svg, "What the budget still holds after each case", top, most);
    let (left, each) = places(cases);
    for (i, p) in with.iter().enumerate() {
        let (colour, dash) = (COLOURS.get(i % 4).unwrap_or(&"#000"), DASHES.get(i % 4).unwrap_or(&"none"));
        let mut path = format!("M{left:.1} {:.1}", height(begins(p).unwrap_or_default()));
        for (n, award) in p.awards.iter().enumerate() {
            let (x, y) = (left + each * number(n + 1), height(units(award.left.unwrap_or_default())));
            path.push_str(&format!(" H{:.1} V{y:.1} H{x:.1}", x - each / 2.0));
        }
        svg.push_str(&format!(
            "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2.5\" stroke-dasharray=\"{dash}\"/>\n"
        ));
        if let Some(n) = p.short_from {
            let x = left + each * (number(n) + 0.5);
            let (anchor, beside) = if x > WIDTH / 2.0 { ("end", -5.0) } else { ("start", 5.0) };
            svg.push_str(&format!(
                "<line x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{top}\" y2=\"{:.1}\" stroke=\"{colour}\" stroke-dasharray=\"3 3\"/>\n<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\" fill=\"{colour}\">{}: the budget is short from case {}</text>\n",
                top + HEIGHT,
                x + beside,
                top + 14.0 + 16.0 * number(i),
                escape(&p.policy),
                n + 1
            ));
        }
    }
    if with.is_empty() {
        svg.push_str(&format!(
            "<text x=\"{LEFT}\" y=\"{}\">None of these policies has a budget.</text>\n",
            top + HEIGHT / 2.0
        ));
    }
    let every = cases.div_ceil(20).max(1);
    for n in (0..cases).step_by(every) {
        svg.push_str(&format!(
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#444\">{}</text>\n",
            left + each * (number(n) + 0.5),
            top + HEIGHT + 18.0,
            n + 1
        ));
    }
    svg.push_str(&format!(
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#444\">case, in the order of the reports</text>\n",
        (LEFT + WIDTH - RIGHT) / 2.0,
        top + HEIGHT + 38.0
    ));
}

fn waiting(svg: &mut String, policies: &[SimulatedPolicy], top: f64) {
    let gain = |p: &SimulatedPolicy| p.awards.iter().map(|a| units(a.gain_by_waiting)).sum::<f64>();
    let most = ceiling(policies.iter().map(gain));
    let height =
        panel(svg, "What sources would earn by waiting, before caps by the budget: all cases together", top, most);
    let (left, each) = places(policies.len());
    for (i, p) in policies.iter().enumerate() {
        let begin = left + each * number(i);
        let tempted = p.awards.iter().filter(|a| a.gain_by_waiting > Cents::ZERO).count();
        let label = format!("{}, gain by waiting: {}", p.policy, short(gain(p)));
        bar(svg, begin + each * 0.35, each * 0.3, height(gain(p)), top + HEIGHT, "#d55e00", &label);
        name(svg, begin + each / 2.0, top + HEIGHT, p, &format!("cases in which waiting pays: {tempted}"));
    }
}
