//! Every sentence the marketplace says, in English and Simplified Chinese, and how dates, numbers and money are written.
#![forbid(unsafe_code)]
