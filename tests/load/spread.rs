//! A figure taken several times: its median, and how far it strayed.

/// The values of one figure.
#[derive(Default)]
pub(crate) struct Spread(Vec<f64>);

impl Spread {
    /// Adds a round's value.
    pub(crate) fn add(&mut self, value: f64) {
        self.0.push(value);
        self.0.sort_by(f64::total_cmp);
    }

    /// One row of the table.
    pub(crate) fn print(&self, figure: &str, unit: &str, decimals: usize) {
        let (lowest, highest) = (percentile(&self.0, 0.0), percentile(&self.0, 100.0));
        let median = percentile(&self.0, 50.0);
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
