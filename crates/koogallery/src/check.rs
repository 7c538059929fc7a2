//! What was found in a seller's answer, as stable codes with a sentence, a cure and the rule, in two languages. How it is found is
//! in [`crate::v2`].

use std::collections::BTreeMap;

use crate::Language;

/// Did the answer pass?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// As it must be.
    Pass,
    /// Accepted, but worth a look.
    Warn,
    /// The call failed.
    Fail,
}

/// What a call engine should do about a finding. The worst finding of an answer decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Advice {
    /// Nothing is wrong.
    Settle,
    /// Call again until the time for retries is over.
    Retry,
    /// It is unknown whether the seller did the work. Ask with `queryInstance`, or repeat the same call; do not undo.
    AskFirst,
    /// Calling again will not help. Stop and tell the seller.
    Stop,
    /// As `Retry`, and tell seller and operator: somebody may be in between.
    Alarm,
}

macro_rules! checks {
    ($(
        $name:ident = $code:literal, $outcome:ident, $advice:ident, rule $rule:literal,
        en $english:literal / $english_cure:literal,
        zh $chinese:literal / $chinese_cure:literal;
    )*) => {
        /// One thing that can be found. The code is stable; sentences may get better.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum CheckCode { $( #[doc = $english] $name, )* }

        impl CheckCode {
            /// Every code.
            pub const ALL: &[CheckCode] = &[$( CheckCode::$name, )*];

            /// The stable name.
            pub fn as_str(self) -> &'static str {
                match self { $( CheckCode::$name => $code, )* }
            }

            /// Reads the stable name.
            pub fn parse(text: &str) -> Option<CheckCode> {
                match text { $( $code => Some(CheckCode::$name), )* _ => None }
            }

            /// Pass, warn or fail.
            pub fn outcome(self) -> Outcome {
                match self { $( CheckCode::$name => Outcome::$outcome, )* }
            }

            /// What to do about it.
            pub fn advice(self) -> Advice {
                match self { $( CheckCode::$name => Advice::$advice, )* }
            }

            /// The section of seller-protocol that it rests on.
            pub fn rule(self) -> &'static str {
                match self { $( CheckCode::$name => $rule, )* }
            }

            /// Sentence and cure with `{names}` in them; [`Check`] fills them in. For pages that explain every code.
            pub fn template(self, language: Language) -> (&'static str, &'static str) {
                match (self, language) {
                    $(
                        (CheckCode::$name, Language::English) => ($english, $english_cure),
                        (CheckCode::$name, Language::Chinese) => ($chinese, $chinese_cure),
                    )*
                }
            }
        }
    };
}

checks! {
    // ---- Reaching the address ----
    AnsweredInTime = "answered_in_time", Pass, Settle, rule "1.1",
        en "Answered in {elapsed_ms} ms; the limit is {limit_ms} ms." / "",
        zh "{elapsed_ms}毫秒内返回，上限为{limit_ms}毫秒。" / "";
    AnsweredSlowly = "answered_slowly", Warn, Settle, rule "1.1",
        en "Answered in {elapsed_ms} ms. The protocol asks for {advised_ms} ms." / "Answer 000004 at once and finish the work afterwards, or make the call faster.",
        zh "用时{elapsed_ms}毫秒，协议要求{advised_ms}毫秒以内。" / "可先返回000004，随后异步完成；或缩短处理时间。";
    TimedOut = "timed_out", Fail, AskFirst, rule "1.1",
        en "No complete answer within {limit_ms} ms." / "Answer 000004 at once and finish the work afterwards. Work already begun is not repeated: the call comes again with the same order.",
        zh "{limit_ms}毫秒内没有收到完整的返回。" / "可先返回000004，随后异步完成。同一订单会再次调用，已开始的处理不应重复。";
    NameNotFound = "name_not_found", Fail, Retry, rule "1.1",
        en "The domain of the address was not found." / "Check the spelling of the address and the DNS records of the domain.",
        zh "找不到该地址的域名。" / "请检查地址拼写和域名的DNS记录。";
    ConnectionRefused = "connection_refused", Fail, Retry, rule "1.1",
        en "The server did not accept the connection." / "Check that the system runs, listens on this port, and that no firewall blocks it. Calls come from changing addresses.",
        zh "服务器拒绝了连接。" / "请确认系统正在运行并监听该端口，且未被防火墙拦截。调用来源IP不固定。";
    ConnectTimedOut = "connect_timed_out", Fail, Retry, rule "1.1",
        en "No connection within {limit_ms} ms." / "Check firewall and routing. Calls come from changing addresses, so they cannot be listed.",
        zh "{limit_ms}毫秒内未能建立连接。" / "请检查防火墙和路由。调用来源IP不固定，无法加入白名单。";
    ConnectionBroken = "connection_broken", Fail, AskFirst, rule "1.6",
        en "The connection broke before the answer was complete." / "Look for a crash, a proxy limit or a restart at this time in the logs of the system.",
        zh "返回未完成时连接中断。" / "请在系统日志中查找该时刻的崩溃、代理限制或重启。";
    TlsFailed = "tls_failed", Fail, Alarm, rule "1.1",
        en "No trusted TLS connection: {reason}." / "Use TLS 1.2 or later, a certificate of a public authority that is valid now and names this domain, and send the whole chain.",
        zh "无法建立可信的TLS连接：{reason}。" / "请使用TLS 1.2及以上版本和公共CA签发、在有效期内且与域名一致的证书，并发送完整证书链。";
    AddressRefused = "address_refused", Fail, Stop, rule "1.1",
        en "The address leads to a place that we do not call." / "Use a public domain name that does not lead into a private network.",
        zh "该地址指向不允许调用的位置。" / "请使用公网域名，且不得解析到内网地址。";
    // ---- HTTP ----
    StatusOk = "status_ok", Pass, Settle, rule "1.1",
        en "The HTTP status is 200." / "",
        zh "HTTP状态码为200。" / "";
    StatusNotOk = "status_not_ok", Fail, Retry, rule "1.1",
        en "The HTTP status is {status}. Only 200 counts." / "Answer every call with 200 and put failures into resultCode.",
        zh "HTTP状态码为{status}，只有200有效。" / "请始终返回200，并用resultCode表示失败。";
    StatusRefusal = "status_refusal", Fail, Stop, rule "1.1",
        en "The HTTP status is {status}. Something in front of the system refuses the call, or nothing answers at this path." / "Check the path, and that no login page, gateway or firewall stands in front of it. The call is authenticated by its signature alone.",
        zh "HTTP状态码为{status}，请求被拒绝或路径不存在。" / "请检查路径，并确认前面没有登录页、网关或防火墙。调用仅通过签名鉴权。";
    Redirected = "redirected", Fail, Stop, rule "1.1",
        en "The HTTP status is {status}, a redirect. Redirects are not followed." / "Enter the final address, including https:// and the last slash if there is one.",
        zh "HTTP状态码为{status}（重定向），不会跟随重定向。" / "请填写最终地址，包括https://以及末尾的斜杠（如有）。";
    ContentTypeJson = "content_type_json", Pass, Settle, rule "1.1",
        en "Content-Type is application/json." / "",
        zh "Content-Type为application/json。" / "";
    ContentTypeOtherCharset = "content_type_other_charset", Warn, Settle, rule "1.1",
        en "Content-Type names the charset {charset}. We read the body as UTF-8." / "Write application/json;charset=utf-8.",
        zh "Content-Type声明的字符集为{charset}，我们按UTF-8读取。" / "请写为application/json;charset=utf-8。";
    ContentTypeMissing = "content_type_missing", Fail, Retry, rule "1.1",
        en "The answer has no Content-Type; application/json is expected." / "Send the header Content-Type: application/json.",
        zh "返回中没有Content-Type，应为application/json。" / "请返回消息头Content-Type: application/json。";
    ContentTypeWrong = "content_type_wrong", Fail, Retry, rule "1.1",
        en "Content-Type is {found}; application/json is expected." / "Send the header Content-Type: application/json. A page of HTML here often comes from a proxy or a login.",
        zh "Content-Type为{found}，应为application/json。" / "请返回消息头Content-Type: application/json。如为HTML页面，多由代理或登录页返回。";
    // ---- Body ----
    BodyJson = "body_json", Pass, Settle, rule "1.1",
        en "The body is a JSON object of {bytes} bytes." / "",
        zh "返回体为JSON对象，共{bytes}字节。" / "";
    BodyEmpty = "body_empty", Fail, Retry, rule "1.6",
        en "The body is empty." / "Answer with a JSON object that holds resultCode.",
        zh "返回体为空。" / "请返回包含resultCode的JSON对象。";
    BodyTooLong = "body_too_long", Fail, Stop, rule "1.6",
        en "The body is longer than {limit_bytes} bytes; we stopped reading." / "Answer with the members of this call only.",
        zh "返回体超过{limit_bytes}字节，已停止读取。" / "请只返回该接口规定的成员。";
    BodyNotUtf8 = "body_not_utf8", Fail, Retry, rule "1.1",
        en "The body is not UTF-8: byte {at} does not fit." / "Write the body as UTF-8.",
        zh "返回体不是UTF-8：第{at}个字节无法识别。" / "请使用UTF-8编码。";
    BodyNotJson = "body_not_json", Fail, Retry, rule "1.6",
        en "The body is not JSON: line {line}, column {column}, {reason}." / "Write the body with a JSON library. NaN, comments and commas after the last member are no JSON.",
        zh "返回体不是JSON：第{line}行第{column}列（{reason}）。" / "请使用JSON库生成返回体。NaN、注释和末尾逗号均不合法。";
    BodyNoNumber = "body_no_number", Fail, Stop, rule "1.6",
        en "The body is not JSON: it holds {found}, which is no JSON number." / "Find out where the value comes from, and leave the member out when there is no number.",
        zh "返回体不是JSON：其中的{found}不是合法的数值。" / "请查明该值的来源；没有数值时请不要返回该成员。";
    BodyNotObject = "body_not_object", Fail, Retry, rule "1.6",
        en "The body is a JSON {found}; an object is expected." / "Answer with an object that holds resultCode.",
        zh "返回体是JSON {found}，应为object。" / "请返回包含resultCode的对象。";
    BodyTooDeep = "body_too_deep", Fail, Stop, rule "1.6",
        en "The body nests deeper than {limit} levels." / "Answer with the members of this call only.",
        zh "返回体嵌套超过{limit}层。" / "请只返回该接口规定的成员。";
    MemberTwice = "member_twice", Fail, Stop, rule "1.6",
        en "The member {member} is given twice." / "Name each member once; readers differ in which of two they take.",
        zh "成员{member}出现了两次。" / "每个成员只能出现一次，不同的解析程序取值可能不同。";
    // ---- Signature of the answer ----
    BodySignValid = "body_sign_valid", Pass, Settle, rule "2.5",
        en "Body-Sign matches the bytes of the answer." / "",
        zh "Body-Sign与返回体一致。" / "";
    BodySignAbsent = "body_sign_absent", Pass, Settle, rule "2.5",
        en "The answer has no Body-Sign. This address does not need one." / "",
        zh "返回中没有Body-Sign，该地址不要求签名。" / "";
    BodySignMissing = "body_sign_missing", Fail, Alarm, rule "2.5",
        en "The header Body-Sign is missing. This address must sign its answers." / "Send Body-Sign: {expected}",
        zh "缺少消息头Body-Sign，该地址要求对返回签名。" / "请返回Body-Sign: {expected}";
    BodySignMalformed = "body_sign_malformed", Fail, Alarm, rule "2.5",
        en "Body-Sign is not of the form sign_type=\"HMAC-SHA256\", signature=\"…\"." / "Send Body-Sign: {expected}",
        zh "Body-Sign的格式不是sign_type=\"HMAC-SHA256\", signature=\"…\"。" / "请返回Body-Sign: {expected}";
    BodySignWrong = "body_sign_wrong", Fail, Alarm, rule "2.5",
        en "Body-Sign does not belong to the bytes of the answer. {mistake}" / "Sign the body byte for byte as it is sent, with the key of this address. Expected: {expected}",
        zh "Body-Sign与返回体的字节不一致。{mistake}" / "请用该地址的密钥对实际发送的字节签名。正确值：{expected}";
    // ---- Result ----
    ResultSuccess = "result_success", Pass, Settle, rule "5",
        en "resultCode is 000000, success." / "",
        zh "resultCode为000000，成功。" / "";
    ResultInProgress = "result_in_progress", Pass, Settle, rule "3.1",
        en "resultCode is 000004: accepted, to be finished later. We ask again with queryInstance." / "",
        zh "resultCode为000004：已受理，稍后完成。我们将通过queryInstance查询。" / "";
    ResultInProgressAgain = "result_in_progress_again", Pass, Settle, rule "6.3",
        en "resultCode is 000004: accepted, to be finished later. We send newInstance again with the same order." / "",
        zh "resultCode为000004：已受理，稍后完成。我们将以同一订单再次调用newInstance。" / "";
    ResultMissing = "result_missing", Fail, Retry, rule "5",
        en "resultCode is missing." / "Answer every call with resultCode, a string of six characters.",
        zh "缺少resultCode。" / "每次调用都应返回resultCode（6位字符串）。";
    ResultMalformed = "result_malformed", Fail, Retry, rule "5",
        en "resultCode is {found}; a string of six letters and digits is expected." / "Write the code in quotes, with its leading zeros.",
        zh "resultCode为{found}，应为6位字母数字的字符串。" / "请加引号并保留前导零。";
    ResultPending = "result_pending", Fail, Retry, rule "5",
        en "resultCode is 000004, being processed. For this call that counts as not done; we call again." / "Answer 000000 once it is done. Only newInstance may be finished later.",
        zh "resultCode为000004（处理中）。该接口视为未完成，将再次调用。" / "完成后请返回000000。只有newInstance可以异步完成。";
    ResultRefused = "result_refused", Fail, Retry, rule "5",
        en "resultCode is {code}: {meaning}. The system says: “{message}”" / "Look up this call in the logs of the system. 000000 means success.",
        zh "resultCode为{code}：{meaning}。系统返回信息：“{message}”" / "请在系统日志中查找该次调用。000000表示成功。";
    ResultNotAuthenticated = "result_not_authenticated", Fail, Retry, rule "2.4",
        en "resultCode is 000001: the system did not accept our signature. It says: “{message}”" / "Check that the system uses the key bound to this address, takes the body byte for byte, and joins key, nonce, timestamp and inner HMAC in this order.",
        zh "resultCode为000001：系统未通过我方签名校验。系统返回信息：“{message}”" / "请确认使用了该地址绑定的密钥、逐字节使用请求体，并按密钥、随机数、时间戳、内层HMAC的顺序拼接。";
    // ---- Members ----
    ResultTokenRefused = "result_token_refused", Fail, Retry, rule "6.2",
        en "resultCode is 000001: the system did not accept our authToken. It says: “{message}”" / "Check that the system uses the key bound to this address followed by timeStamp, and joins every parameter but authToken, URL-decoded, ascending by name.",
        zh "resultCode为000001：系统未通过authToken校验。系统返回信息：“{message}”" / "请确认HMAC密钥为该地址绑定的密钥后接timeStamp，并将除authToken外的所有参数解码后按名称升序拼接。";
    ResultSyncRefused = "result_sync_refused", Fail, Retry, rule "2.6",
        en "resultCode is 000001: the system did not accept our signature. It says: “{message}”" / "Check that the system uses the key bound for joint operations. Version 2.0: x-sign is one HMAC of key, nonce, timestamp and body, without the inner HMAC of the basic calls. Version 1.0: authToken joins the members of the body that are not blank.",
        zh "resultCode为000001：系统未通过我方签名校验。系统返回信息：“{message}”" / "请确认使用了联营接口绑定的密钥。2.0版：x-sign是对密钥、随机数、时间戳、请求体的一次HMAC，没有基础接口的内层HMAC；1.0版：authToken由请求体中非空的参数拼接而成。";
    MembersFit = "members_fit", Pass, Settle, rule "3",
        en "All members have the right type and length." / "",
        zh "所有成员的类型和长度都正确。" / "";
    InstanceIdMissing = "instance_id_missing", Fail, Stop, rule "3.1",
        en "instanceId is missing from the answer. We need it to ask for this instance later." / "Add a string of at most 64 characters; the first businessId of the order is a good choice.",
        zh "返回中缺少instanceId，后续查询需要使用它。" / "请返回不超过64个字符的字符串，建议使用该订单首个businessId。";
    InstanceIdChanged = "instance_id_changed", Fail, Alarm, rule "1.4",
        en "instanceId is {found}, but this order was answered with {expected} before." / "Answer the same orderId and orderLineId with the same instanceId every time.",
        zh "instanceId为{found}，但该订单之前返回的是{expected}。" / "相同的orderId和orderLineId每次都应返回相同的instanceId。";
    InstanceIdTaken = "instance_id_taken", Fail, Alarm, rule "3.1",
        en "instanceId {found} already belongs to another order." / "Give each order line an instanceId of its own.",
        zh "instanceId {found}已属于其他订单。" / "请为每个订单行分配独立的instanceId。";
    InstanceIdPresent = "instance_id_present", Pass, Settle, rule "3.1",
        en "instanceId is {found}." / "",
        zh "instanceId为{found}。" / "";
    InstanceDescribed = "instance_described", Pass, Settle, rule "3.2",
        en "info describes the instance {found}." / "",
        zh "info中包含实例{found}的信息。" / "";
    InfoAbsent = "info_absent", Warn, Settle, rule "3.2",
        en "info is missing, so the customer would get no access data." / "Answer with one entry for each instance, or with 000003 if there is no such instance.",
        zh "缺少info，客户将得不到访问信息。" / "请为每个实例返回一条信息；实例不存在时返回000003。";
    InfoForOthersOnly = "info_for_others_only", Fail, Alarm, rule "3.2",
        en "info describes other instances, but not {expected}." / "Answer with an entry whose instanceId is the one that was asked for.",
        zh "info描述了其他实例，但没有{expected}。" / "请返回instanceId与请求一致的条目。";
    AccessDataAbsent = "access_data_absent", Warn, Settle, rule "3.2",
        en "The entry {member} has no appInfo, so the customer would get no address." / "Add appInfo with frontEndUrl, unless the customer gets the address by mail.",
        zh "条目{member}没有appInfo，客户将得不到访问地址。" / "请返回带frontEndUrl的appInfo，除非已通过邮件告知客户。";
    AccessDataPresent = "access_data_present", Pass, Settle, rule "6.3",
        en "appInfo holds the customer's address." / "",
        zh "appInfo中包含客户的访问地址。" / "";
    MemberMissing = "member_missing", Fail, Stop, rule "3",
        en "{member} is missing." / "Add it; the protocol calls it mandatory.",
        zh "缺少{member}。" / "该成员为必选，请补充。";
    MemberWrongType = "member_wrong_type", Fail, Stop, rule "3",
        en "{member} is a JSON {found}; {expected} is expected." / "Change the type.",
        zh "{member}的类型为{found}，应为{expected}。" / "请修改类型。";
    MemberTooLong = "member_too_long", Fail, Stop, rule "3",
        en "{member} has {length} characters; at most {limit} are allowed." / "Shorten it.",
        zh "{member}有{length}个字符，最多{limit}个。" / "请缩短。";
    MemberBadCharacter = "member_bad_character", Fail, Stop, rule "3",
        en "{member} holds the character {character}, which is not allowed there." / "Use visible characters only; in instanceId only letters, digits and - _ . : @ / + = ~",
        zh "{member}中包含不允许的字符{character}。" / "请只使用可见字符；instanceId只能使用字母、数字和- _ . : @ / + = ~";
    MemberNotAllowed = "member_not_allowed", Fail, Stop, rule "3",
        en "{member} must be one of: {allowed}." / "Use one of the listed values.",
        zh "{member}只能为：{allowed}。" / "请使用所列取值。";
    WebAddressRefused = "web_address_refused", Fail, Stop, rule "3.2",
        en "{member} is no address to send a customer to." / "Use a full address with https:// and a host, without user name and password.",
        zh "{member}不是可供客户访问的地址。" / "请使用带https://和主机名的完整地址，不要包含用户名和密码。";
    WebAddressInside = "web_address_inside", Warn, Settle, rule "3.2",
        en "{member} leads into a private network, where no customer comes from. A marketplace refuses it unless its operator opened that machine." / "Use a public address.",
        zh "{member}指向内部网络，客户无法访问。除非运营方已开放该主机，否则云商店会拒绝。" / "请使用公网地址。";
    WebAddressWithoutTls = "web_address_without_tls", Warn, Settle, rule "3.2",
        en "{member} starts with http://, so what the customer types can be read on the way." / "Offer https://.",
        zh "{member}以http://开头，客户输入的内容可能被窃听。" / "请提供https://地址。";
    UsageAmountWrong = "usage_amount_wrong", Fail, Stop, rule "1.2",
        en "{member} is no usage amount." / "Write a number from 0 with at most 12 digits, 4 of them decimals.",
        zh "{member}不是有效的用量。" / "请填写不小于0的数字，最多12位，其中小数最多4位。";
    TimeWrong = "time_wrong", Fail, Stop, rule "1.2",
        en "{member} is no point of time; {expected} in UTC is expected." / "Write digits only, in UTC.",
        zh "{member}不是有效时间，应为UTC的{expected}。" / "请只写数字，并使用UTC时间。";
    TooManyEntries = "too_many_entries", Fail, Stop, rule "3.2",
        en "{member} holds {count} entries; at most {limit} are allowed." / "Answer for the instances asked for only.",
        zh "{member}有{count}条，最多{limit}条。" / "请只返回所查询的实例。";
    SecretUnreadable = "secret_unreadable", Fail, Stop, rule "4",
        en "{member} cannot be decrypted as encryptType says." / "Send plain text without encryptType, or encrypt with AES-CBC under the key derived from the access key of this address.",
        zh "{member}无法按encryptType解密。" / "请不带encryptType直接返回明文，或用该地址访问密钥派生的密钥进行AES-CBC加密。";
}

/// One finding about one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    code: CheckCode,
    args: BTreeMap<&'static str, String>,
}

impl Check {
    /// A finding with the values its sentence speaks of.
    pub fn new<const N: usize>(code: CheckCode, args: [(&'static str, String); N]) -> Check {
        Check { code, args: args.into() }
    }

    /// The stable code.
    pub fn code(&self) -> CheckCode {
        self.code
    }

    /// Pass, warn or fail.
    pub fn outcome(&self) -> Outcome {
        self.code.outcome()
    }

    /// The section of seller-protocol that it rests on.
    pub fn rule(&self) -> &'static str {
        self.code.rule()
    }

    /// The values the sentences speak of, by name. They may hold what the seller sent: escape them when showing.
    pub fn args(&self) -> &BTreeMap<&'static str, String> {
        &self.args
    }

    /// What was found, in one or two sentences.
    pub fn message(&self, language: Language) -> String {
        self.filled(self.code.template(language).0, language)
    }

    /// What to do about it; empty where nothing is to be done.
    pub fn remedy(&self, language: Language) -> String {
        self.filled(self.code.template(language).1, language)
    }

    /// The template with its `{names}` replaced, in one pass, so that a value cannot be taken for a name.
    fn filled(&self, template: &str, language: Language) -> String {
        let mut out = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, later) = after.split_once('}').unwrap_or((after, ""));
            out.push_str(before);
            out.push_str(&self.value(name, language));
            rest = later;
        }
        out.push_str(rest);
        out.trim_end().to_owned()
    }

    /// Most values are the same in every language; two are words.
    fn value(&self, name: &str, language: Language) -> String {
        let said = self.args.get(name).cloned().unwrap_or_default();
        match name {
            "meaning" => self
                .args
                .get("code")
                .and_then(|code| crate::ResultCode::parse(code))
                .map_or(said, |code| code.meaning(language).into()),
            "mistake" => {
                crate::body_sign::BodySignMistake::parse(&said).map_or(String::new(), |m| m.message(language).into())
            }
            _ => said,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names_in(template: &str) -> Vec<&str> {
        let mut names: Vec<&str> = template.split('{').skip(1).filter_map(|part| part.split('}').next()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    #[test]
    fn both_languages_speak_of_the_same_values() {
        for code in CheckCode::ALL {
            let (english, english_cure) = code.template(Language::English);
            let (chinese, chinese_cure) = code.template(Language::Chinese);
            assert_eq!(names_in(english), names_in(chinese), "{}", code.as_str());
            assert_eq!(names_in(english_cure), names_in(chinese_cure), "{}", code.as_str());
            assert_eq!(
                english_cure.is_empty(),
                code.outcome() == Outcome::Pass,
                "{}: failures have a cure, passes none",
                code.as_str()
            );
            assert_eq!(CheckCode::parse(code.as_str()), Some(*code));
        }
    }

    #[test]
    fn only_failures_ask_for_action() {
        for code in CheckCode::ALL {
            assert_eq!(code.outcome() == Outcome::Fail, code.advice() != Advice::Settle, "{}", code.as_str());
        }
    }

    #[test]
    fn a_value_that_looks_like_a_name_stays_as_it_is() {
        let check = Check::new(CheckCode::ContentTypeWrong, [("found", "{found}{x}".into())]);
        assert_eq!(check.message(Language::English), "Content-Type is {found}{x}; application/json is expected.");
    }
}
