//! What a reviewer should notice about a debugging report, in words: pages and the API say the same sentence.

use domain::selling::ReportConcern;

use crate::Words;

impl Words {
    /// One concern as a sentence.
    pub fn report_concern(&self, concern: &ReportConcern) -> String {
        match concern {
            ReportConcern::Failed { cases } => self.report_concern_failed(*cases),
            ReportConcern::OtherAddress { tried } => self.report_concern_other_address(tried),
            ReportConcern::NoAddress => self.report_concern_no_address().to_owned(),
            ReportConcern::OtherProtocol { found, wanted } => self.report_concern_other_protocol(found, wanted.code()),
            ReportConcern::NotTried { activities } => self.report_concern_not_tried(activities.join(", ")),
            ReportConcern::Old { days, most } => self.report_concern_old(*days, *most),
            ReportConcern::FromTheFuture => self.report_concern_from_the_future().to_owned(),
        }
    }
}
