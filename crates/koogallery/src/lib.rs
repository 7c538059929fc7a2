//! The KooGallery seller protocol, pure: messages, signatures, encryption, result codes, checks of answers.
#![forbid(unsafe_code)]
