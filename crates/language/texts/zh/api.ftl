### API：请求本身的问题，以及说明页面。

problem-idempotency-key-missing = 此请求会创建内容。请在请求头 Idempotency-Key 中给出自定义的值，以便安全重试。
problem-idempotency-key = Idempotency-Key 由 1 至 200 个可见 ASCII 字符组成，不含空格。
problem-idempotency-key-reused = 此 Idempotency-Key 已用于另一个请求，请换一个。
problem-still-running = 使用此 Idempotency-Key 的首个请求仍在处理，请几秒后重试。
problem-cursor = 无法从这里继续。请使用上一页返回的 next 值。
problem-lease-lost = 已由其他节点接手，此处未作更改。
problem-unreadable-request = 无法读取此请求，请对照 API 说明检查格式。
problem-malformed-json = 您发送的内容不是有效的 JSON，请检查括号、逗号和引号。
problem-unknown-member = 没有此名称的字段，请查看接口说明中的字段列表。
problem-given-twice = 此字段出现了两次，请只发送一次。
problem-wrong-type = 此字段的类型与接口说明不符。
problem-body-too-large = 您发送的内容超过 6 MB。
problem-media-type = 此处无法读取这种内容类型，API 接受 application/json。
problem-cross-site = 此请求来自其他网站，未予执行。请在本站打开页面后重试。
problem-invalid-input = 有几处需要修改。
problem-too-often = 请求过于频繁，请 { $seconds } 秒后重试。

api-title = 面向程序的 API
api-introduction = 页面能做的事，程序也能做。金额为最小货币单位的整数并附货币代码，时间为 UTC 的 RFC 3339 格式，列表用游标翻页。请求中的未知字段会被拒绝。
api-document = OpenAPI 3.1 文档
api-signing-in = 登录
api-signing-in-text = 用邮箱和密码打开会话，或使用组织的访问密钥。创建内容的请求需带请求头 Idempotency-Key：用同一个值重发，只生效一次，返回同一结果。
api-parameters = 参数
api-type = 类型
api-meaning = 含义
api-member = 字段
api-body = 请求体
api-answers = 响应：
api-schemas = 数据结构
api-problems = 错误码
api-problems-text = 被拒绝的请求返回 application/problem+json（RFC 9457），并带有下列错误码之一。错误码不会改变，文字可能调整。
