import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A whole seller for KooGallery protocol 2.0 in one file: Java 17, nothing but what comes with it.
 *
 * <pre>java Seller.java 9000 key.txt</pre>
 *
 * What it is for: to be read, and to be taken as a beginning. It keeps accounts in memory; yours go into a database, and are
 * there before the answer leaves. Put TLS in front of it: a marketplace calls https only.
 */
public final class Seller {
    static final long WINDOW_MS = 60_000;
    static final String APP = "https://app.example.com";

    /** One delivered account. */
    static final class Account {
        boolean frozen;
        boolean released;
        String expireTime;
        final Set<String> orders = new HashSet<>();
    }

    /** The call is not obeyed. Answered with HTTP 200, a result code and a reason. */
    static final class Refusal extends Exception {
        final String code;

        Refusal(String code, String message) {
            super(message);
            this.code = code;
        }
    }

    private final Map<String, Account> accounts = new HashMap<>();
    private final Map<List<String>, String> byLine = new HashMap<>();
    private final Map<String, Long> nonces = new HashMap<>();

    // ---- 1. Is this call from the marketplace, fresh, and new? -------------------------------------------------------

    static byte[] hmac(String key, byte[]... parts) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        for (byte[] part : parts) {
            mac.update(part);
        }
        return mac.doFinal();
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Checks in the documented order. The body is signed byte for byte as it came: hash the bytes before anything parses them. */
    void verify(String key, Map<String, String> query, byte[] body) throws Refusal, GeneralSecurityException {
        long nowMs = System.currentTimeMillis();
        String timestamp = query.getOrDefault("timestamp", "");
        if (!timestamp.matches("[0-9]{1,18}")) {
            throw new Refusal("000002", "timestamp is missing or no number of milliseconds");
        }
        long differenceMs = nowMs - Long.parseLong(timestamp);
        if (Math.abs(differenceMs) > WINDOW_MS) {
            throw new Refusal("000002", "timestamp differs from our clock by " + differenceMs + " ms");
        }
        String nonce = query.getOrDefault("nonce", "");
        if (nonce.isEmpty()) {
            throw new Refusal("000002", "nonce is missing");
        }
        String signature = query.getOrDefault("signature", "");
        if (signature.isEmpty()) {
            throw new Refusal("000001", "signature is missing");
        }
        String inner = HexFormat.of().formatHex(hmac(key, body)); // lower case: it is hashed again
        String expected = HexFormat.of().formatHex(hmac(key, utf8(key), utf8(nonce), utf8(timestamp), utf8(inner)));
        // In constant time, and without regard to case.
        if (!MessageDigest.isEqual(utf8(expected), utf8(signature.toLowerCase(java.util.Locale.ROOT)))) {
            throw new Refusal("000001", "signature differs");
        }
        nonces.values().removeIf(until -> until < nowMs);
        // Only after the signature proved right, so that strangers cannot fill the memory.
        if (nonces.putIfAbsent(nonce, nowMs + 2 * WINDOW_MS) != null) {
            throw new Refusal("000001", "nonce was used before");
        }
    }

    // ---- 2. What the call asks for -----------------------------------------------------------------------------------

    static String member(Map<String, String> call, String name) throws Refusal {
        String value = call.get(name);
        if (value == null || value.isEmpty() || value.codePointCount(0, value.length()) > 64) {
            throw new Refusal("000002", name + " is missing or longer than 64 characters");
        }
        return value;
    }

    Account liveAccount(Map<String, String> call) throws Refusal {
        Account account = accounts.get(member(call, "instanceId"));
        if (account == null || account.released) {
            throw new Refusal("000003", "there is no such instance");
        }
        return account;
    }

    static String describe(String instanceId, String userName, String password) {
        return ",\"info\":[{\"instanceId\":" + quoted(instanceId) + ",\"appInfo\":{\"frontEndUrl\":"
                + quoted(APP + "/" + instanceId) + ",\"userName\":" + quoted(userName) + ",\"password\":" + quoted(password) + "}}]";
    }

    /** testFlag 1: the debugging page and the dial test. Succeeds in any order, any number of times, and leaves nothing behind. */
    static String rehearse(Map<String, String> call) throws Refusal, GeneralSecurityException {
        String activity = member(call, "activity");
        switch (activity) {
            case "newInstance": {
                // The same order line gives the same instance, also here.
                String line = member(call, "orderId") + "\n" + member(call, "orderLineId");
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(utf8(line));
                return ",\"instanceId\":" + quoted("test-" + HexFormat.of().formatHex(hash).substring(0, 32));
            }
            case "queryInstance":
                return describe(member(call, "instanceId"), "test", "Test-1");
            case "refreshInstance", "updateInstanceStatus", "releaseInstance", "upgradeInstance":
                member(call, "instanceId");
                return "";
            default:
                throw new Refusal("000002", "there is no activity " + activity);
        }
    }

    String obey(Map<String, String> call) throws Refusal {
        String activity = member(call, "activity");
        switch (activity) {
            case "newInstance": {
                List<String> line = List.of(member(call, "orderId"), member(call, "orderLineId"));
                String businessId = member(call, "businessId");
                // A repeated call gives the first instance again.
                if (byLine.putIfAbsent(line, businessId) == null) {
                    accounts.put(businessId, new Account());
                }
                return ",\"instanceId\":" + quoted(byLine.get(line));
            }
            case "queryInstance":
                liveAccount(call);
                return describe(call.get("instanceId"), "owner", "First-Password-1");
            case "refreshInstance", "upgradeInstance": {
                Account account = liveAccount(call);
                // A repeated call extends nothing twice.
                if (account.orders.add(member(call, "orderId"))) {
                    account.expireTime = call.getOrDefault("expireTime", account.expireTime);
                }
                return "";
            }
            case "updateInstanceStatus": {
                String status = call.getOrDefault("status", "");
                if (!status.equals("FREEZE") && !status.equals("UNFREEZE")) {
                    throw new Refusal("000002", "status must be FREEZE or UNFREEZE");
                }
                liveAccount(call).frozen = status.equals("FREEZE");
                return "";
            }
            case "releaseInstance": {
                Account account = accounts.get(member(call, "instanceId"));
                if (account == null) {
                    throw new Refusal("000003", "there is no such instance");
                }
                account.released = true;
                return "";
            }
            default:
                throw new Refusal("000002", "there is no activity " + activity);
        }
    }

    /** Calls come in parallel; one is decided at a time. */
    synchronized String answer(String key, Map<String, String> query, byte[] body) throws GeneralSecurityException {
        try {
            verify(key, query, body);
            Map<String, String> call = new FlatJson(new String(body, StandardCharsets.UTF_8)).read();
            String members = "1".equals(call.get("testFlag")) ? rehearse(call) : obey(call);
            return "{\"resultCode\":\"000000\",\"resultMsg\":\"success.\"" + members + "}";
        } catch (Refusal refusal) {
            return "{\"resultCode\":\"" + refusal.code + "\",\"resultMsg\":" + quoted(refusal.getMessage()) + "}";
        }
    }

    // ---- 3. JSON: every member of a call is a string, so this is enough; with a JSON library it is two lines ------------

    static final class FlatJson {
        private final String text;
        private int at;

        FlatJson(String text) {
            this.text = text;
        }

        Map<String, String> read() throws Refusal {
            Map<String, String> members = new LinkedHashMap<>();
            expect('{');
            if (peek() == '}') {
                at++;
                return members;
            }
            while (true) {
                String name = string();
                expect(':');
                if (members.put(name, string()) != null) {
                    throw broken();
                }
                if (peek() == ',') {
                    at++;
                } else {
                    expect('}');
                    if (!text.substring(at).isBlank()) {
                        throw broken();
                    }
                    return members;
                }
            }
        }

        private Refusal broken() {
            return new Refusal("000002", "the body is no JSON object of strings, from character " + at + " on");
        }

        private char peek() throws Refusal {
            while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            return next(0);
        }

        private char next(int step) throws Refusal {
            if (at >= text.length()) {
                throw broken();
            }
            char c = text.charAt(at);
            at += step;
            return c;
        }

        private void expect(char wanted) throws Refusal {
            if (peek() != wanted) {
                throw broken();
            }
            at++;
        }

        private String string() throws Refusal {
            expect('"');
            StringBuilder out = new StringBuilder();
            while (true) {
                char c = next(1);
                if (c == '"') {
                    return out.toString();
                }
                if (c != '\\') {
                    out.append(c);
                    continue;
                }
                char escaped = next(1);
                int plain = "bfnrt".indexOf(escaped);
                if (escaped == 'u' && at + 4 <= text.length() && text.substring(at, at + 4).matches("[0-9a-fA-F]{4}")) {
                    out.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
                    at += 4;
                } else if (plain >= 0) {
                    out.append("\b\f\n\r\t".charAt(plain));
                } else if ("\"\\/".indexOf(escaped) >= 0) {
                    out.append(escaped);
                } else {
                    throw broken();
                }
            }
        }
    }

    static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }

    // ---- 4. HTTP -----------------------------------------------------------------------------------------------------

    static Map<String, String> parameters(String query) {
        Map<String, String> found = new HashMap<>();
        for (String pair : (query == null ? "" : query).split("&")) {
            int cut = pair.indexOf('=');
            if (cut > 0) {
                found.putIfAbsent(pair.substring(0, cut), URLDecoder.decode(pair.substring(cut + 1), StandardCharsets.UTF_8));
            }
        }
        return found;
    }

    void hear(HttpExchange exchange, Path keyFile) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readNBytes(65_537);
            if (body.length > 65_536 || !exchange.getRequestMethod().equals("POST")) {
                exchange.sendResponseHeaders(body.length > 65_536 ? 413 : 405, -1);
                return;
            }
            String key = Files.readString(keyFile).strip();
            byte[] sent = utf8(answer(key, parameters(exchange.getRequestURI().getRawQuery()), body));
            String signature = Base64.getEncoder().encodeToString(hmac(key, sent));
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.getResponseHeaders().set("Body-Sign", "sign_type=\"HMAC-SHA256\", signature=\"" + signature + "\"");
            exchange.sendResponseHeaders(200, sent.length);
            exchange.getResponseBody().write(sent);
        } catch (GeneralSecurityException error) {
            throw new IOException(error);
        }
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println("usage: java Seller.java PORT KEY_FILE");
            System.exit(2);
        }
        int port = Integer.parseInt(arguments[0]);
        Seller seller = new Seller();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 64);
        server.createContext("/", exchange -> seller.hear(exchange, Path.of(arguments[1])));
        server.setExecutor(Executors.newFixedThreadPool(8));
        server.start();
        System.out.println("http://127.0.0.1:" + port + "/produce");
    }
}
