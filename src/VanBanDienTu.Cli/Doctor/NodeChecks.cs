using System.Net;
using System.Security.Cryptography;
using VanBanDienTu.Cli.Client;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Hosting;
using VanBanDienTu.Relay.Payloads;
using VanBanDienTu.Signing.Timestamps;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Cli.Doctor;

/// <summary>Examines one node's configuration: its trust, its keys, its place on disk, its neighbours.</summary>
internal sealed class NodeChecks(NodeConfig config, TimeProvider time)
{
    private static readonly TimeSpan HelloPatience = TimeSpan.FromSeconds(10);
    internal static readonly TimeSpan AllowedSkew = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    public async IAsyncEnumerable<Check> RunAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        yield return TrustCheck(config.PathOf(config.Trust.Folder), config.Trust.AllowSample);
        yield return Key("Khóa TLS / TLS key", config.Tls);
        yield return Key("Khóa chứng cứ / evidence key", config.Evidence);
        foreach (var organ in config.Organs)
        {
            if (organ.Signing is { } key) yield return Key($"Khóa của {organ.Organ} / signing key", key);
            if (organ.Signing is { Image: not null }) yield return Seal(organ);
        }
        await foreach (var check in EncryptionChecks.RunAsync(config, ct)) yield return check;
        var data = config.PathOf(config.Data);
        if (!Directory.Exists(data)) data = ExistingParent(data);
        yield return MachineChecks.FreeSpace(data, config.Limits.MinFreeBytes);
        yield return MachineChecks.Durability(data);
        if (config.Storage is null) yield return await PayloadsAsync(ct);
        if (config.Limits.Quotas.Count > 0) yield return Quotas(data);
        yield return Calendar(config, time.GetUtcNow());
        if (ListenAt(config.Listen) is { } listen) yield return MachineChecks.Port(listen);
        foreach (var authority in config.Timestamps?.Authorities ?? []) yield return await TimestampAsync(config.Timestamps!, authority, ct);
        foreach (var link in config.Links) yield return await HelloAsync(link, ct);
    }

    public static Check TrustCheck(string folder, bool allowSample)
    {
        const string name = "Neo tin cậy / trust";
        try
        {
            var trust = TrustSnapshot.Load(folder, allowSample);
            var unread = string.Join("; ", trust.Findings.Select(f => $"{f.File}: {f.Vi}"));
            if (trust.IsEmpty) return Check.Bad(name, $"{folder}: không có chứng thư gốc nào / no anchors. {unread}", "đặt chứng thư gốc (*.pem, *.crt, *.cer) vào đó / put the roots there");
            var text = $"{trust.Anchors.Count} gốc / anchors, {trust.Id[..12]}";
            if (trust.Sample) return Check.Warn(name, text + ", có gốc MẪU / SAMPLE", "chỉ để thử; không dùng thật / for tests only");
            return unread.Length > 0 ? Check.Warn(name, text + "; " + unread, "sửa hoặc bỏ các tệp đó / mend or remove those files") : Check.Ok(name, text);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return Check.Bad(name, e);
        }
    }

    private Check Key(string name, KeyConfig key)
    {
        try
        {
            using var opened = KeyAddress.Find(config, key, name).Open();
            var certificate = opened.Key.Certificate;
            var text = $"{certificate.Subject}, đến / until {certificate.NotAfter.ToOffset(TimeSpan.FromHours(7)):yyyy-MM-dd}";
            var left = certificate.NotAfter - time.GetUtcNow();
            if (left <= TimeSpan.Zero) return Check.Bad(name, text, "đã hết hạn: xin cấp chứng thư mới / expired: get a new certificate");
            return left < RenewBefore ? Check.Warn(name, text, "sắp hết hạn: xin cấp lại / renew soon") : Check.Ok(name, text);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return Check.Bad(name, e);
        }
    }

    /// <summary>Files that the database names, by their length; what they hold is proven when it is read.</summary>
    private async Task<Check> PayloadsAsync(CancellationToken ct)
    {
        const string name = "Nội dung đã lưu / payloads";
        try
        {
            var findings = await KeptWhole.FindingsAsync(config.PathOf(config.Data), ct) ?? [];
            return findings.Count == 0
                ? Check.Ok(name, "đủ độ dài / all of their full length")
                : Check.Bad(name, $"{findings.Count}: {string.Join("; ", findings.Take(3))}", "kiểm tra đĩa, lấy lại các tệp đó từ bản sao lưu / check the disk, get these files back from a backup");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return Check.Bad(name, e);
        }
    }

    /// <summary>Quotas that a permitted document can never fit into, and promises that the disk cannot keep.</summary>
    private Check Quotas(string data)
    {
        const string name = "Hạn mức / quotas";
        var quotas = config.Limits.Quotas;
        var small = quotas.Where(q => new[] { q.WaitingBytes, q.UnfetchedBytes, q.DailyBytes }.Any(b => b > 0 && b < config.Limits.MaxAttachmentBytes)).Select(q => q.Organ).ToList();
        var (promised, free) = (quotas.Sum(q => (double)q.WaitingBytes + q.UnfetchedBytes), new DriveInfo(data).AvailableFreeSpace);
        var text = $"{quotas.Count} mục / entries, {promised / (1 << 30):0.#} GiB";
        if (small.Count > 0)
            return Check.Warn(name, $"{text}; {string.Join(", ", small)}: nhỏ hơn maxAttachmentBytes / smaller than maxAttachmentBytes", "văn bản lớn nhất không bao giờ được nhận: nâng hạn mức hoặc giảm maxAttachmentBytes / raise the quota, or lower maxAttachmentBytes");
        return promised > free && config.Storage is null
            ? Check.Warn(name, $"{text}, ổ đĩa còn / free {free / (double)(1 << 30):0.#} GiB", "các hạn mức cộng lại lớn hơn chỗ trống / together they exceed the free space")
            : Check.Ok(name, text);
    }

    /// <summary>For which years deadlines are right, and what to do about the others.</summary>
    internal static Check Calendar(NodeConfig config, DateTimeOffset now)
    {
        const string name = "Lịch làm việc / calendar";
        try
        {
            var calendar = Calendars.Of(config);
            var text = $"đủ ngày nghỉ của / all holidays of: {(calendar.CompleteYears.Count == 0 ? "–" : string.Join(", ", calendar.CompleteYears.Order()))}";
            return Calendars.Missing(calendar, now) is not { } year ? Check.Ok(name, text)
                : Check.Warn(name, $"{text}; chưa đủ / not of {year}", $"khi có quyết định về ngày nghỉ năm {year} (Tết, nghỉ hoán đổi), ghi đủ vào tệp calendar.holidays cùng dòng «{year} complete»; trước đó hạn rơi vào ngày nghỉ bị tính là quá hạn / when the year's decision is out, put all its days and the line «{year} complete» into the file of calendar.holidays; until then deadlines on holidays count as overdue");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return Check.Bad(name, e);
        }
    }

    private Check Seal(OrganConfig organ)
    {
        var name = $"Con dấu của {organ.Organ} / seal";
        try
        {
            SealPicture.Load(config, organ);
            return Check.Ok(name, organ.Signing!.Image!);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return Check.Bad(name, e);
        }
    }

    private async Task<Check> TimestampAsync(TimestampConfig stamping, string authority, CancellationToken ct)
    {
        const string name = "Dấu thời gian / timestamps";
        try
        {
            var trust = TrustSnapshot.Load(config.PathOf(config.Trust.Folder), config.Trust.AllowSample);
            var options = stamping.ToOptions() with { Authorities = [new Uri(authority)], Timeout = HelloPatience };
            using var client = new TimestampClient(options, trust, time);
            var begin = time.GetTimestamp();
            var stamp = await client.StampAsync(HashAlgorithmName.SHA256, SHA256.HashData("vbdt doctor"u8), ct);
            return Check.Ok(name, $"{authority}: {stamp.Authority.CommonName}, {time.GetElapsedTime(begin).TotalMilliseconds:0} ms");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return Check.Bad(name, e);
        }
    }

    private async Task<Check> HelloAsync(LinkConfig link, CancellationToken ct)
    {
        if (link.Kind == LinkKind.Vxp)
            return await LinkChecks.AxisAsync(link, config, time, ct);
        if (link.Kind == LinkKind.Folder)
            return LinkChecks.Folder(link, config);
        var name = $"Nút {link.Name} / peer";
        try
        {
            var address = new NodeAddress(new Uri(link.Address!), config.PathOf(config.Tls.Key), Password(config.Tls), config.PathOf(config.Trust.Folder), config.Trust.AllowSample);
            using var node = NodeConnection.Open(address, time);
            var deadline = time.GetUtcNow().Add(HelloPatience).UtcDateTime;
            var answer = await node.Link.HelloAsync(new HelloRequest { Node = config.Node }, deadline: deadline, cancellationToken: ct);
            var skew = VietnamTime.At(answer.TimeUnixMs) - time.GetUtcNow();
            var text = $"{link.Address} là / is {answer.Node} ({answer.OrganId}), lệch giờ / clock {skew.TotalSeconds:+0.0;-0.0} s";
            return skew.Duration() > AllowedSkew
                ? Check.Warn(name, text, "chỉnh đồng hồ một trong hai máy (NTP) / set one of the clocks (NTP)")
                : Check.Ok(name, text);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            return Check.Bad(name, e);
        }
    }

    private string Password(KeyConfig key) => key switch
    {
        { PasswordFile: { } file } => PasswordFile.Read(config.PathOf(file)),
        { PasswordEnvironment: { } variable } => Environment.GetEnvironmentVariable(variable) ?? "",
        _ => "",
    };

    private static string ExistingParent(string folder)
    {
        while (!Directory.Exists(folder)) folder = Path.GetDirectoryName(folder) ?? "/";
        return folder;
    }

    private static IPEndPoint? ListenAt(string listen) =>
        Uri.TryCreate(listen, UriKind.Absolute, out var uri) && IPAddress.TryParse(uri.Host, out var address) && uri.Port > 0
            ? new IPEndPoint(address, uri.Port)
            : null;
}
