using System.Net;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Keys.Csc;
using VanBanDienTu.Signing.Keys.Pkcs11;

namespace VanBanDienTu.Gateway.Config;

/// <summary>What must hold between the values of a configuration; only reads, touches no file.</summary>
internal static class NodeConfigRules
{
    public static void Check(NodeConfig config, List<ConfigProblem> problems)
    {
        CheckName(config.Node, "node", problems);
        CheckOrgan(config.Organ, "organ", problems);
        CheckListen(config.Listen, "listen", config.AllowPlaintext, problems);
        if (config.Vxp is { } vxp)
            CheckListen(vxp.Listen, "vxp.listen", config.AllowPlaintext, problems);
        VxpConfigReading.Check(config, problems);
        CheckKey(config.Tls, "tls", problems);
        if (Pkcs11Uri.Is(config.Tls.Key) || CscConfig.Is(config.Tls.Key))
            Add("tls.key", "khoá TLS phải là tệp PKCS#12, chưa dùng được khoá trên token hay dịch vụ ký", "must be a PKCS#12 file; a TLS key elsewhere is not supported");
        CheckKey(config.Evidence, "evidence", problems);
        SigningRules.Check(config, problems);
        if (config.Encryption is { KeyFiles.Count: 0 })
            Add("encryption.keyFiles", "phải nêu ít nhất một tệp khóa; tạo bằng «openssl rand -hex 32»", "must name at least one key file; make one with «openssl rand -hex 32»");
        CheckOrgans(config, problems);
        CheckMembers(config, problems);
        CheckLinks(config, problems);
        CheckArchive(config, problems);
        CheckTelemetry(config.Telemetry, problems);
        QuotaConfig.Check(config.Limits, problems);
        if (config.Retry.FirstDelay > config.Retry.LongestDelay)
            Add("retry.firstDelay", "không được dài hơn longestDelay", "must not be longer than longestDelay");
        if (config.Retry.Horizon < config.Retry.FirstDelay)
            Add("retry.horizon", "không được ngắn hơn firstDelay", "must not be shorter than firstDelay");
        if (config.Role == NodeRole.Hub && config.Organs.Count > 0)
            Add("role", "nút «hub» chỉ chuyển tiếp, không có cơ quan nào đặt tại đó; dùng «both» hoặc bỏ organs",
                "a \"hub\" only forwards and no organ lives there; use \"both\", or remove organs");
        void Add(string path, string vi, string en) => problems.Add(new ConfigProblem(path, vi, en));
    }

    private static void CheckListen(string listen, string path, bool allowPlaintext, List<ConfigProblem> problems)
    {
        if (!Uri.TryCreate(listen, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http")
            || !ListenAddress.TryParse(uri, out var address))
        {
            problems.Add(new(path, "phải có dạng https://ĐỊA-CHỈ-IP:CỔNG, ví dụ https://127.0.0.1:7443",
                "must look like https://IP-ADDRESS:PORT, for example https://127.0.0.1:7443"));
            return;
        }

        if (uri.Scheme == "http" && !(allowPlaintext && IPAddress.IsLoopback(address.Address)))
            problems.Add(new(path, "không mở cổng không mã hoá: dùng https, hoặc http trên 127.0.0.1 cùng allowPlaintext: true",
                "does not listen without TLS: use https, or http on 127.0.0.1 together with allowPlaintext: true"));
    }

    private static void CheckTelemetry(TelemetryConfig? telemetry, List<ConfigProblem> problems)
    {
        if (telemetry is null)
            return;
        if (!Uri.TryCreate(telemetry.Otlp, UriKind.Absolute, out var collector) || !(collector.Scheme == "https" || (collector.Scheme == "http" && collector.IsLoopback)))
            problems.Add(new("telemetry.otlp", "phải có dạng https://MÁY:4317 (http chỉ trên 127.0.0.1)", "must look like https://HOST:4317 (http on 127.0.0.1 only)"));
        if (telemetry.Every < TimeSpan.FromSeconds(1))
            problems.Add(new("telemetry.every", "phải từ 1 giây trở lên", "must be at least one second"));
    }

    private static void CheckKey(KeyConfig key, string path, List<ConfigProblem> problems)
    {
        if (key.PasswordFile is not null && key.PasswordEnvironment is not null)
            problems.Add(new($"{path}.passwordFile", "chỉ chọn một: passwordFile hoặc passwordEnvironment",
                "give one of passwordFile and passwordEnvironment, not both"));
        if (CscConfig.Is(key.Key))
        {
            if ((key.PasswordFile ?? key.PasswordEnvironment ?? key.PinFile) is not null)
                problems.Add(new($"{path}.key", "dịch vụ ký có các tệp bí mật riêng trong tệp csc: hãy bỏ passwordFile, passwordEnvironment, pinFile",
                    "a signing service has its secrets named in its own file; remove passwordFile, passwordEnvironment, pinFile"));
            return;
        }
        if (!Pkcs11Uri.Is(key.Key))
        {
            if (key.PinFile is not null)
                problems.Add(new($"{path}.pinFile", "chỉ dùng cho khoá trên token (pkcs11:); tệp PKCS#12 dùng passwordFile",
                    "is for a key on a token (pkcs11:); a PKCS#12 file has a passwordFile"));
            return;
        }
        if (key.PasswordFile is not null || (key.PinFile is null) == (key.PasswordEnvironment is null))
            problems.Add(new($"{path}.pinFile", "khoá trên token cần đúng một trong pinFile và passwordEnvironment",
                "a key on a token needs one of pinFile and passwordEnvironment"));
        try
        {
            Pkcs11Uri.Parse(key.Key);
        }
        catch (SigningException e)
        {
            problems.Add(new($"{path}.key", e.Vietnamese, e.Message));
        }
    }

    private static void CheckOrgans(NodeConfig config, List<ConfigProblem> problems)
    {
        for (var i = 0; i < config.Organs.Count; i++)
        {
            var organ = config.Organs[i];
            CheckOrgan(organ.Organ, $"organs[{i}].organ", problems);
            SigningRules.CheckLint(organ.Lint, $"organs[{i}].lint", problems);
            if (organ.Signing is { } key)
            {
                CheckKey(key, $"organs[{i}].signing", problems);
                SigningRules.CheckLevel(key.Level, $"organs[{i}].signing.level", config, problems);
            }
            if (config.Organs.Take(i).Any(earlier => string.Equals(earlier.Organ, organ.Organ, StringComparison.Ordinal)))
                problems.Add(new($"organs[{i}].organ", $"cơ quan {organ.Organ} được khai hai lần", $"organ {organ.Organ} is listed twice"));
        }
    }

    private static void CheckMembers(NodeConfig config, List<ConfigProblem> problems)
    {
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < config.Members.Count; i++)
        {
            var member = config.Members[i];
            var path = $"members[{i}]";
            CheckOrgan(member.Organ, path + ".organ", problems);
            if (member.ValidFrom > member.ValidTo)
                problems.Add(new(path + ".validTo", "phải sau validFrom", "must be after validFrom"));
            for (var c = 0; c < member.Certificates.Count; c++)
            {
                var at = $"{path}.certificates[{c}]";
                CheckDigest(member.Certificates[c], at, problems);
                if (!seen.TryAdd(member.Certificates[c], at))
                    problems.Add(new(at, $"chứng thư này đã được khai ở {seen[member.Certificates[c]]}",
                        $"this certificate is already listed at {seen[member.Certificates[c]]}"));
            }
        }
    }

    private static void CheckLinks(NodeConfig config, List<ConfigProblem> problems)
    {
        var routes = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < config.Links.Count; i++)
        {
            var link = config.Links[i];
            var path = $"links[{i}]";
            CheckName(link.Name, path + ".name", problems);
            if (config.Links.Take(i).Any(earlier => string.Equals(earlier.Name, link.Name, StringComparison.Ordinal)))
                problems.Add(new(path + ".name", $"tên liên kết {link.Name} bị trùng", $"link name {link.Name} is used twice"));
            CheckEnd(link, path, problems);
            for (var c = 0; c < link.PeerCertificates.Count; c++)
                CheckDigest(link.PeerCertificates[c], $"{path}.peerCertificates[{c}]", problems);
            for (var r = 0; r < link.Routes.Count; r++)
                if (!routes.TryAdd(link.Routes[r], link.Name))
                    problems.Add(new($"{path}.routes[{r}]", $"tuyến {link.Routes[r]} đã thuộc liên kết {routes[link.Routes[r]]}",
                        $"route {link.Routes[r]} already belongs to link {routes[link.Routes[r]]}"));
        }
    }

    private static void CheckArchive(NodeConfig config, List<ConfigProblem> problems)
    {
        var crls = config.Archive.Crls;
        for (var i = 0; i < crls.Count; i++)
            if (!Uri.TryCreate(crls[i], UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
                problems.Add(new($"archive.crls[{i}]", "phải là địa chỉ http hoặc https", "must be an http or https address"));
        if (crls.Count > 0 && config.Timestamps is null)
            problems.Add(new("archive.crls", "các danh sách thu hồi được lưu dưới dấu thời gian: hãy thêm timestamps.authorities",
                "are kept under a timestamp: add timestamps.authorities"));
    }

    private static void CheckEnd(LinkConfig link, string path, List<ConfigProblem> problems)
    {
        // The axis is reached through a security server in one's own network, which often speaks HTTP only; its headers are signed.
        var known = Uri.TryCreate(link.Address, UriKind.Absolute, out var uri) && (uri.Scheme == "https" || (link.Kind == LinkKind.Vxp && uri.Scheme == "http"));
        if (link.Kind != LinkKind.Folder && !known)
            problems.Add(new(path + ".address", "phải có dạng https://MÁY:CỔNG", "must look like https://HOST:PORT"));
        if (link.Kind == LinkKind.Node && link.PeerCertificates.Count == 0 && link.Organ is null)
            problems.Add(new(path + ".peerCertificates", "phải nêu chứng thư của nút kia, hoặc mã cơ quan của nó ở organ",
                "name the peer's certificates here, or its organ id in \"organ\""));
        if ((link.Kind == LinkKind.Vxp) != (link.Vxp is not null))
            problems.Add(new(path + ".vxp", "cần cho liên kết loại «vxp» và chỉ cho loại đó", "is needed by a link of kind \"vxp\", and only there"));
        if ((link.Kind == LinkKind.Folder) != (link.Folder is not null))
            problems.Add(new(path + ".folder", "cần cho liên kết loại «folder» và chỉ cho loại đó", "is needed by a link of kind \"folder\", and only there"));
        if (link is { Kind: LinkKind.Folder, Directory: not null })
            problems.Add(new(path + ".directory", "không lấy danh bạ qua thư mục", "a directory is not carried in folders"));
        if (link.Kind == LinkKind.Folder && link.Organ is null)
            problems.Add(new(path + ".organ", "phải nêu mã cơ quan vận hành nút bên kia", "name the organ that runs the node on the other side"));
        if (link.Folder is { } folder && folder.In == folder.Out)
            problems.Add(new(path + ".folder.in", "phải khác thư mục out", "must not be the folder of \"out\""));
    }

    private static void CheckName(string name, string path, List<ConfigProblem> problems)
    {
        if (name.Length > 64 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            problems.Add(new(path, "chỉ gồm chữ cái không dấu, chữ số, - _ . và dài tối đa 64 ký tự",
                "may hold only ASCII letters, digits, - _ . and at most 64 of them"));
    }

    internal static void CheckOrgan(string organ, string path, List<ConfigProblem> problems)
    {
        if (organ.Length > 35 || !organ.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-'))
            problems.Add(new(path, $"mã định danh cơ quan «{organ}» không hợp lệ (ví dụ G22, G99.63)",
                $"\"{organ}\" is not an organ id (like G22, G99.63)"));
    }

    private static void CheckDigest(string hex, string path, List<ConfigProblem> problems)
    {
        if (hex.Length != 64 || !hex.All(char.IsAsciiHexDigit))
            problems.Add(new(path, "phải là SHA-256 của chứng thư (64 chữ số hex): openssl x509 -in X.pem -outform DER | sha256sum",
                "must be the certificate's SHA-256, 64 hexadecimal digits: openssl x509 -in X.pem -outform DER | sha256sum"));
    }
}
