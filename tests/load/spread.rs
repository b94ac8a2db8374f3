//! A figure taken several times: its median, and how far it strayed.

/// The values of one figure.
pub(crate) struct Spread {
    figure: String,
    unit: &'static str,
    decimals: usize,
    sorted: Vec<f64>,
}

impl Spread {
    /// A figure that was not taken yet, shown in a unit with so many decimals.
    pub(crate) fn of(figure: impl Into<String>, unit: &'static str, decimals: usize) -> Spread {
        Spread { figure: figure.into(), unit, decimals, sorted: Vec::new() }
    }

    /// Adds a round's value, and shows it.
    pub(crate) fn add(&mut self, value: f64) {
        let Spread { figure, unit, decimals, sorted } = self;
        println!("  {figure}: {value:.decimals$} {unit}");
        sorted.push(value);
        sorted.sort_by(f64::total_cmp);
    }

    /// One row of the table.
    pub(crate) fn print(&self) {
        let Spread { figure, unit, decimals, sorted } = self;
        let [lowest, median, highest] = [0.0, 50.0, 100.0].map(|percent| percentile(sorted, percent));
        println!("| {figure} | {median:.decimals$} {unit} | {lowest:.decimals$} to {highest:.decimals$} |");
    }
}

/// The value below which so many percent of the sorted values lie (nearest rank).
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a rank within a list of measurements"
)]
pub(crate) fn percentile(sorted: &[f64], percent: f64) -> f64 {
    let rank = (percent / 100.0 * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().expect("at least one value")
}

#[cfg(test)]
mod tests {
    use super::percentile;

    #[test]
    fn ranks_are_nearest() {
        let values = [1.0, 2.0, 3.0, 4.0];
        for (percent, expected) in [(0.0, 1.0), (50.0, 2.0), (51.0, 3.0), (99.0, 4.0), (100.0, 4.0)] {
            assert!((percentile(&values, percent) - expected).abs() < f64::EPSILON, "p{percent}");
        }
    }
}
