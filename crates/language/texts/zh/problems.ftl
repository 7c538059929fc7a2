### 每个问题代码对应一句话，以及整页显示问题时的文字。各模块在自己的文件中添加代码。

problem-not-found = 此地址没有内容，或您无权查看。
problem-not-allowed = 您的角色不允许此操作，请联系您所在组织的管理员。
problem-sign-in-needed = 请登录后继续，您填写的内容已保留。
problem-fresh-sign-in-needed = 请再次输入密码后继续。
problem-too-many = 尝试次数过多，请在{ $seconds }秒后重试。
problem-try-again = 暂时无法完成此操作，未做任何更改。请稍后重试。
problem-internal = 系统出错，未做任何更改。请将参考编号告知运营方，稍后重试。
problem-invalid = 部分内容需要修改。
problem-conflict = 内容已被他人修改。请查看当前状态后重试。
problem-method-not-allowed = 此地址不接受这类请求。
problem-too-large = 您发送的内容超过{ $limit }。
problem-cross-origin = 此请求来自其他网站，未予处理。请在本站打开页面后重试。

error-page-not-found-title = 页面不存在
error-page-not-allowed-title = 无权访问
error-page-unavailable-title = 暂时无法使用
error-page-internal-title = 系统出错
error-page-too-many-title = 尝试次数过多
error-page-request-title = 无法处理此请求
error-page-go-home = 前往市场首页
error-page-try-again = 重试
error-page-code = 代码
error-page-reference = 参考编号

# 单个字段的代码；有 `problem-<字段>-<代码>` 时优先使用。
problem-without-text = 此处需要修改（{ $code }）。
problem-required = 请填写此项。
problem-required-in-one-language = 请至少用中文或英文填写此项。
problem-too-short = 至少{ $least }个字符，您输入了{ $count }个。
problem-too-long = 最多{ $most }个字符，您输入了{ $count }个。
problem-control-characters = 请删除不可见的控制字符。
problem-email = 请输入电子邮箱地址，例如 name@company.com。
problem-email-required = 请输入电子邮箱地址。
problem-password-required = 请输入密码。
problem-password-too-short = 密码至少需要{ $least }个字符。
problem-password-too-long = 密码最多{ $most }个字符。
problem-password-common = 此密码曾在泄露数据中出现，请换一个。
problem-password-context = 密码中包含您的姓名、邮箱或本市场名称，请换一个。
problem-phone = 请输入带国家代码的电话号码，例如 +86 138 0000 0000。
problem-web-address = 请输入以 https:// 开头的网址。
problem-whole-number = 请输入 { $least } 至 { $most } 的整数。
