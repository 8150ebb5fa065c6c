//! The sample portfolio: the worked numbers come out of the presets, and the comparison can be drawn.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use subrosa_casework::{
    money::Cents,
    policy::{Policy, plot, portfolio, simulate},
};

#[test]
fn the_sample_portfolio_runs_and_can_be_drawn() {
    let cases = portfolio(include_str!("../../policies/portfolio.toml")).unwrap();
    let policies: Vec<_> = Policy::PRESETS.iter().map(|(_, text)| Policy::from_toml(text).unwrap()).collect();
    let results = simulate(&policies, &cases).unwrap();
    let eu = &results[0];
    // The worked numbers: 66,292.86 + 10,000 × 0.3, and 30 % of 1.4 million against H3.
    assert_eq!((eu.awards[0].a2, eu.awards[0].amount), (Cents(6_629_286), Cents(6_929_286)));
    assert_eq!((eu.awards[1].a1, eu.awards[1].amount), (Cents(42_000_000), Cents(42_000_000)));
    assert_eq!((eu.awards[5].amount, eu.awards[6].a2), (Cents(13_750_000), Cents(0)));
    assert!(eu.alone.iter().all(|c| *c > Cents(0)));
    assert_eq!(results[1].alone[1], Cents(0), "no compute scale there");
    let svg = plot(&results, &cases);
    for word in ["<svg", "</svg>", "eu-pilot", "sec-like", "hmrc-like", "irs-like", "the budget still holds"] {
        assert!(svg.contains(word), "{word}");
    }
    assert!(!svg.contains("NaN") && !svg.contains("inf") && !svg.contains("<script"));
    for (wrong, said) in [
        ("", "case"),
        ("case = []", "1 to 10000"),
        ("[[case]]\nname = \"a\"\nfine = 3", "fine"),
        ("[[case]]\nname = \"a\"\ncompute = { flop = \"1e99\", threshold = \"1e25\" }", "too large"),
    ] {
        assert!(portfolio(wrong).unwrap_err().to_string().contains(said), "{wrong}");
    }
}
