//! Bar charts as SVG: no script, no style of their own, and the same numbers as a table beside them.

/// One bar, put together from parts.
#[derive(Clone, Debug, Default)]
pub struct Bar {
    /// What it stands for.
    pub label: String,
    /// Its parts, in the order of [`Chart::series`].
    pub parts: Vec<u64>,
}

/// A chart of horizontal bars.
#[derive(Clone, Debug, Default)]
pub struct Chart {
    /// What it shows, for people who do not see it.
    pub title: String,
    /// The parts' names.
    pub series: Vec<String>,
    /// The bars, from top to bottom.
    pub bars: Vec<Bar>,
}

/// A rectangle to draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rect {
    /// Distance from the left edge of the drawing.
    pub x: u64,
    /// Distance from the top edge of the drawing.
    pub y: u64,
    /// How far it reaches to the right.
    pub width: u64,
    /// Which part it is, for its pattern.
    pub part: usize,
}

const ROW: u64 = 30;
const LEFT: u64 = 170;
const LONGEST: u64 = 400;

impl Chart {
    /// Width of the drawing.
    pub fn width(&self) -> u64 {
        LEFT + LONGEST + 60
    }

    /// Height of the drawing.
    pub fn height(&self) -> u64 {
        ROW * self.bars.len() as u64 + 10
    }

    /// A bar's sum.
    pub fn sum(&self, bar: &Bar) -> u64 {
        bar.parts.iter().sum()
    }

    /// Where text of row `i` stands.
    pub fn baseline(&self, i: &usize) -> u64 {
        ROW * *i as u64 + 22
    }

    /// Where the number behind a bar stands.
    pub fn end(&self, bar: &Bar) -> u64 {
        LEFT + self.scaled(self.sum(bar)) + 8
    }

    fn scaled(&self, value: u64) -> u64 {
        let most = self.bars.iter().map(|b| self.sum(b)).max().unwrap_or(0).max(1);
        value.saturating_mul(LONGEST) / most
    }

    /// The rectangles of row `i`.
    pub fn rects(&self, i: &usize, bar: &Bar) -> Vec<Rect> {
        let mut before = 0u64;
        let mut out = Vec::new();
        for (part, value) in bar.parts.iter().enumerate() {
            let x = LEFT + self.scaled(before);
            before = before.saturating_add(*value);
            let width = (LEFT + self.scaled(before)).saturating_sub(x);
            if width > 0 {
                out.push(Rect { x, y: ROW * *i as u64 + 6, width, part });
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_stand_side_by_side_and_the_longest_bar_fills_the_width() {
        let bar = Bar { label: "x".into(), parts: vec![3, 1] };
        let chart = Chart { bars: vec![bar.clone(), Bar { label: "y".into(), parts: vec![0, 0] }], ..Chart::default() };
        let rects = chart.rects(&0, &bar);
        assert_eq!(rects.iter().map(|r| (r.x, r.width)).collect::<Vec<_>>(), [(170, 300), (470, 100)]);
        assert_eq!(chart.rects(&1, chart.bars.last().unwrap_or(&bar)), []);
    }
}
