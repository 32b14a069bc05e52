using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Trust;

/// <summary>A file of a trust folder that gave no anchor, and why.</summary>
public sealed record TrustFinding(string File, string Vi, string En);

/// <summary>
/// The trust anchors (neo tin cậy) of one moment: roots or sub-CAs, never changed once made. Every report cites its
/// <see cref="Id"/>. Without anchors nothing is trusted, and <see cref="IsEmpty"/> says so.
/// </summary>
public sealed class TrustSnapshot
{
    private readonly Dictionary<DistinguishedName, List<Certificate>> _bySubject;
    private readonly HashSet<Certificate> _set;

    private TrustSnapshot(IEnumerable<Certificate> anchors, IReadOnlyList<Certificate> refusedSamples, IReadOnlyList<TrustFinding> findings)
    {
        Anchors = [.. anchors.DistinctBy(a => a.Fingerprint).OrderBy(a => a.Sha256, StringComparer.Ordinal)];
        RefusedSamples = refusedSamples;
        Findings = findings;
        Sample = Anchors.Any(SampleAnchors.IsSample);
        _set = [.. Anchors];
        _bySubject = Anchors.GroupBy(a => a.Subject).ToDictionary(g => g.Key, g => g.ToList());
        Id = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join('\n', Anchors.Select(a => a.Sha256)))));
    }

    /// <summary>No anchors at all: every path ends in NO_CERTIFICATE_CHAIN_FOUND.</summary>
    public static TrustSnapshot Empty { get; } = new([], [], []);

    /// <summary>SHA-256 over the sorted anchor hashes: the same anchors give the same id on every machine.</summary>
    public string Id { get; }

    /// <summary>In the order of their hashes.</summary>
    public IReadOnlyList<Certificate> Anchors { get; }

    public bool IsEmpty => Anchors.Count == 0;

    /// <summary>At least one anchor is a sample: every report made with this snapshot must say so.</summary>
    public bool Sample { get; }

    /// <summary>Sample anchors that were left out because sample trust was not allowed.</summary>
    public IReadOnlyList<Certificate> RefusedSamples { get; }

    /// <summary>Files that could not be read and sample anchors that were refused, for the log and the report.</summary>
    public IReadOnlyList<TrustFinding> Findings { get; }

    /// <summary>Reads every *.pem, *.crt and *.cer of a folder (not its subfolders).</summary>
    /// <param name="folder">A file is accepted too: the anchors in it.</param>
    /// <param name="allowSample">Without it anchors made by <c>vbdt pki init</c> or from certs-sample are left out.</param>
    /// <exception cref="SigningException"><see cref="SigningFault.TrustUnreadable"/>: no such folder, or it cannot be listed.</exception>
    public static TrustSnapshot Load(string folder, bool allowSample)
    {
        List<Certificate> anchors = [];
        List<TrustFinding> findings = [];
        foreach (var file in Files(folder))
        {
            try
            {
                var found = Certificate.ParseFile(File.ReadAllBytes(file));
                anchors.AddRange(found);
                if (found.Count == 0)
                    findings.Add(new TrustFinding(file, "Tệp không chứa chứng thư số nào.", "The file holds no certificate."));
            }
            catch (Exception e) when (e is SigningException or IOException or UnauthorizedAccessException or FormatException)
            {
                var vi = e is SigningException s ? s.Vietnamese : "Không đọc được tệp.";
                findings.Add(new TrustFinding(file, vi, e.Message));
            }
        }
        return Of(anchors, allowSample, findings);
    }

    /// <summary>A snapshot of given anchors.</summary>
    public static TrustSnapshot Of(IEnumerable<Certificate> anchors, bool allowSample) => Of(anchors, allowSample, []);

    /// <summary>The snapshot as bytes to keep, so that a later judge can trust as this one did.</summary>
    public byte[] Utf8() => JsonSerializer.SerializeToUtf8Bytes(new Stored([.. Anchors.Select(a => a.Der.ToArray())]), SnapshotJson.Default.Stored);

    /// <summary>A snapshot that <see cref="Utf8"/> wrote. Samples stay what they were: the first judge had allowed them.</summary>
    /// <exception cref="SigningException"><see cref="SigningFault.TrustUnreadable"/></exception>
    public static TrustSnapshot Read(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return Of(JsonSerializer.Deserialize(utf8, SnapshotJson.Default.Stored)!.Anchors.Select(a => Certificate.Parse(a)), allowSample: true);
        }
        catch (Exception e) when (e is JsonException or NullReferenceException or SigningException)
        {
            throw new SigningException(SigningFault.TrustUnreadable, $"The stored trust snapshot cannot be read: {e.Message}", "Không đọc được bộ neo tin cậy đã lưu.", e);
        }
    }

    public bool Contains(Certificate certificate) => _set.Contains(certificate);

    internal IReadOnlyList<Certificate> BySubject(DistinguishedName subject) =>
        _bySubject.TryGetValue(subject, out var found) ? found : [];

    private static TrustSnapshot Of(IEnumerable<Certificate> anchors, bool allowSample, List<TrustFinding> findings)
    {
        var all = anchors.ToList();
        if (allowSample)
            return new TrustSnapshot(all, [], findings);
        var refused = all.Where(SampleAnchors.IsSample).ToList();
        findings.AddRange(refused.Select(r => new TrustFinding(r.Subject.ToString(),
            "Chứng thư mẫu không được dùng làm neo tin cậy; chỉ khi thử nghiệm mới thêm --allow-sample-trust.",
            "A sample certificate is not accepted as a trust anchor; add --allow-sample-trust for tests only.")));
        return new TrustSnapshot(all.Except(refused), refused, findings);
    }

    private static IEnumerable<string> Files(string folder)
    {
        if (File.Exists(folder))
            return [folder];
        try
        {
            return Directory.EnumerateFiles(folder)
                .Where(f => Path.GetExtension(f).ToLowerInvariant() is ".pem" or ".crt" or ".cer")
                .Order(StringComparer.Ordinal).ToList();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SigningException(SigningFault.TrustUnreadable,
                $"The trust folder {folder} cannot be read: {e.Message} Give a folder of root certificates (*.pem, *.crt, *.cer).",
                $"Không đọc được thư mục neo tin cậy {folder}; hãy chỉ tới thư mục chứa chứng thư gốc (*.pem, *.crt, *.cer).", e);
        }
    }

    internal sealed record Stored(IReadOnlyList<byte[]> Anchors);
}
