using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Cli.Verification;

/// <summary>Whom a run trusts: the folder of today, or a snapshot of an earlier day that the cache kept.</summary>
internal static class TrustFolder
{
    /// <exception cref="CommandException">The folder is missing, or neither it nor the cache has the snapshot asked for.</exception>
    public static TrustSnapshot Snapshot(VerifyRequest request, Terminal terminal)
    {
        var today = request.TrustFolder is { } folder ? Load(folder, request.AllowSampleTrust, terminal) : null;
        if (request.Snapshot is { } wanted)
            return Is(today, wanted) ? Kept(today!, request) : Earlier(wanted.ToLowerInvariant(), request) ?? throw NotFound(wanted, today, request);
        if (today is not null) return Kept(today, request);
        terminal.Say("Chưa cho --trust: không có gốc nào được tin, nên không chữ ký nào được coi là hợp lệ.", "No --trust: no roots are trusted, so no signature can pass.");
        return TrustSnapshot.Empty;
    }

    private static TrustSnapshot Load(string folder, bool allowSample, Terminal terminal)
    {
        if (!Directory.Exists(folder) && !File.Exists(folder)) throw CommandException.NoInput(folder);
        var trust = TrustSnapshot.Load(folder, allowSample);
        foreach (var finding in trust.Findings) terminal.Say($"{finding.File}: {finding.Vi}", finding.En);
        if (trust.ListsEnd < TimeProvider.System.GetUtcNow())
            terminal.Say($"Danh sách tin cậy trong «{folder}» đã quá ngày cập nhật {trust.ListsEnd:yyyy-MM-dd}: hãy lấy bản mới.", $"The trusted list in «{folder}» should have been replaced by {trust.ListsEnd:yyyy-MM-dd}.");
        return trust;
    }

    private static TrustSnapshot Kept(TrustSnapshot trust, VerifyRequest request)
    {
        if (request.CacheFolder is not { } cache || trust.IsEmpty) return trust;
        Directory.CreateDirectory(Path.Combine(cache, "snapshots"));
        var path = PathOf(cache, trust.Id);
        if (!File.Exists(path)) File.WriteAllBytes(path, trust.Utf8());
        return trust;
    }

    // The cache is no way around --allow-sample-trust, and its file must be what its name says.
    private static TrustSnapshot? Earlier(string wanted, VerifyRequest request)
    {
        if (request.CacheFolder is not { } cache || !wanted.All(char.IsAsciiHexDigit) || !File.Exists(PathOf(cache, wanted))) return null;
        var kept = TrustSnapshot.Read(File.ReadAllBytes(PathOf(cache, wanted)));
        return Is(kept, wanted) && (request.AllowSampleTrust || !kept.Sample) ? kept : null;
    }

    private static bool Is(TrustSnapshot? trust, string wanted) => string.Equals(wanted, trust?.Id, StringComparison.OrdinalIgnoreCase);

    private static string PathOf(string cache, string id) => Path.Combine(cache, "snapshots", id + ".json");

    private static CommandException NotFound(string wanted, TrustSnapshot? today, VerifyRequest request) => new(ExitCode.Usage,
        $"Thư mục tin cậy «{request.TrustFolder}» là bản {today?.Id ?? "–"}, không phải {wanted}, và «{request.CacheFolder ?? "--cache"}» không lưu bản đó; hãy dùng thư mục của lần kiểm tra đó.",
        $"The trust folder «{request.TrustFolder}» is snapshot {today?.Id ?? "–"}, not {wanted}, and «{request.CacheFolder ?? "--cache"}» has not kept that one; use the folder of that time.");
}
