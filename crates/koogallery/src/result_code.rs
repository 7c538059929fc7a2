//! The result codes a seller answers with, and what each means (seller-protocol 5).

use std::fmt;

use crate::Language;

macro_rules! result_codes {
    ($( $name:ident = $code:literal, $english:literal, $chinese:literal; )*) => {
        /// What the seller says about a call: six characters, `000000` is success.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum ResultCode {
            $(
                #[doc = concat!("`", $code, "`: ", $english)]
                $name,
            )*
            /// A code of six letters and digits that no page documents. It counts as a failure.
            Other(String),
        }

        impl ResultCode {
            /// Every documented code, ascending.
            pub const DOCUMENTED: &[ResultCode] = &[$( ResultCode::$name, )*];

            /// Reads a code. Anything but six ASCII letters and digits is no code.
            pub fn parse(text: &str) -> Option<ResultCode> {
                match text {
                    $( $code => Some(ResultCode::$name), )*
                    other if other.len() == 6 && other.bytes().all(|b| b.is_ascii_alphanumeric()) => {
                        Some(ResultCode::Other(other.to_owned()))
                    }
                    _ => None,
                }
            }

            /// The six characters.
            pub fn as_str(&self) -> &str {
                match self {
                    $( ResultCode::$name => $code, )*
                    ResultCode::Other(code) => code,
                }
            }

            /// What the code means, for people.
            pub fn meaning(&self, language: Language) -> &'static str {
                match (self, language) {
                    $(
                        (ResultCode::$name, Language::English) => $english,
                        (ResultCode::$name, Language::Chinese) => $chinese,
                    )*
                    (ResultCode::Other(_), Language::English) => "a code that is not in the protocol",
                    (ResultCode::Other(_), Language::Chinese) => "协议中没有的返回码",
                }
            }
        }
    };
}

result_codes! {
    Success = "000000", "success", "成功";
    AuthenticationFailed = "000001", "authentication failed", "鉴权失败";
    InvalidParameter = "000002", "invalid parameter", "请求参数不合法";
    NoSuchInstance = "000003", "no such instance", "实例不存在";
    InProgress = "000004", "being processed", "正在处理中";
    InternalError = "000005", "internal error of the seller's system", "服务商系统内部错误";
    NoResource = "000100", "no resource left to allocate", "没有可分配的资源";
    MobileTaken = "000101", "mobile number empty or already used", "手机号为空或已被使用";
    EmailTaken = "000102", "e-mail address empty or already used", "邮箱为空或已被使用";
    AlreadyPurchased = "000103", "already purchased", "已购买过，不能重复购买";
    ServiceError = "000104", "error inside the seller's service", "服务商服务内部错误";
    BenefitHeld = "000105", "the account already holds this benefit", "账号已拥有该权益";
    SoldOut = "000106", "sold out", "已售罄";
    EmailDomainTaken = "000107", "e-mail domain already used", "邮箱域名已被使用";
    LicenseQuotaUsedUp = "000900", "licence quota used up", "License配额已用完";
    OutsideValidity = "000901", "outside the validity of the order", "不在订单有效期内";
    LicenseNeedsExpiry = "000902", "a period licence needs an expiry date", "按周期的License需要到期时间";
    LicenseNeedsFingerprint = "000903", "a device fingerprint is needed", "需要设备指纹";
}

impl fmt::Display for ResultCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_code_reads_back() {
        for code in ResultCode::DOCUMENTED {
            assert_eq!(ResultCode::parse(code.as_str()).as_ref(), Some(code));
            assert_ne!(code.meaning(Language::English), code.meaning(Language::Chinese));
        }
        assert_eq!(ResultCode::parse("123456"), Some(ResultCode::Other("123456".into())));
        for wrong in ["", "0", "0000000", "00 000", "００００００"] {
            assert_eq!(ResultCode::parse(wrong), None, "{wrong}");
        }
    }
}
