using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Paths;
using VanBanDienTu.Signing.Trust.Lists;

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

    private readonly ILookup<string, TrustService> _services;

    private TrustSnapshot(IEnumerable<Certificate> anchors, IEnumerable<TrustService> services, IReadOnlyList<Certificate> refusedSamples, IReadOnlyList<TrustFinding> findings)
    {
        Anchors = [.. anchors.DistinctBy(a => a.Fingerprint).OrderBy(a => a.Sha256, StringComparer.Ordinal)];
        RefusedSamples = refusedSamples;
        Findings = findings;
        Sample = Anchors.Any(SampleAnchors.IsSample);
        _set = [.. Anchors];
        _bySubject = Anchors.GroupBy(a => a.Subject).ToDictionary(g => g.Key, g => g.ToList());
        Services = [.. services.Where(s => Anchors.Any(a => string.Equals(a.Sha256, s.Certificate, StringComparison.Ordinal))).DistinctBy(Line, StringComparer.Ordinal).OrderBy(Line, StringComparer.Ordinal)];
        _services = Services.ToLookup(s => s.Certificate, StringComparer.Ordinal);
        Id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Anchors.Select(a => a.Sha256).Concat(Services.Select(Line))))));
    }

    /// <summary>No anchors at all: every path ends in NO_CERTIFICATE_CHAIN_FOUND.</summary>
    public static TrustSnapshot Empty { get; } = new([], [], [], []);

    /// <summary>SHA-256 over the sorted anchor hashes, and what trusted lists say of them: the same trust gives the same id on every machine.</summary>
    public string Id { get; }

    /// <summary>In the order of their hashes.</summary>
    public IReadOnlyList<Certificate> Anchors { get; }

    /// <summary>What trusted lists say of anchors. An anchor without a service was put there by the administrator and is trusted for all.</summary>
    public IReadOnlyList<TrustService> Services { get; }

    /// <summary>By when a newer trusted list should be had, the earliest of all lists; null: there is none, or it names no day.</summary>
    public DateTimeOffset? ListsEnd { get; private init; }

    public bool IsEmpty => Anchors.Count == 0;

    /// <summary>At least one anchor is a sample: every report made with this snapshot must say so.</summary>
    public bool Sample { get; }

    /// <summary>Sample anchors that were left out because sample trust was not allowed.</summary>
    public IReadOnlyList<Certificate> RefusedSamples { get; }

    /// <summary>Files that could not be read and sample anchors that were refused, for the log and the report.</summary>
    public IReadOnlyList<TrustFinding> Findings { get; }

    /// <summary>
    /// Reads every *.pem, *.crt and *.cer of a folder (not its subfolders), and every *.xml as a trusted list of ETSI TS 119 612, which
    /// one of the certificates in its subfolder <c>list-signers</c> must have signed, or one that a list so signed points to.
    /// </summary>
    /// <param name="folder">A file is accepted too: the anchors in it.</param>
    /// <param name="allowSample">Without it anchors made by <c>vbdt pki init</c> or from certs-sample are left out.</param>
    /// <exception cref="SigningException"><see cref="SigningFault.TrustUnreadable"/>: no such folder, or it cannot be listed.</exception>
    public static TrustSnapshot Load(string folder, bool allowSample)
    {
        List<Certificate> anchors = [];
        List<TrustService> services = [];
        List<TrustFinding> findings = [];
        DateTimeOffset? ends = null;
        var signers = new Lazy<IReadOnlyList<Certificate>>(() => ListSigners(folder, findings));
        var files = Files(folder).ToList();
        var pointers = new Lazy<ILookup<string, Certificate>>(() => Pointers(files, signers.Value));
        foreach (var file in files)
        {
            try
            {
                if (IsList(file))
                {
                    var list = ReadList(file, signers.Value, pointers);
                    anchors.AddRange(list.Services.Select(s => s.Certificate));
                    services.AddRange(list.Services.Select(s => s.Service));
                    findings.AddRange(Remarks(file, list));
                    ends = list.NextUpdate is { } end && !(ends < end) ? end : ends;
                    continue;
                }
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
        return Of(anchors, services, allowSample, findings, ends);
    }

    /// <summary>A snapshot of given anchors.</summary>
    public static TrustSnapshot Of(IEnumerable<Certificate> anchors, bool allowSample) => Of(anchors, [], allowSample, []);

    /// <summary>
    /// Why a trusted list does not let an anchor serve a purpose at an instant: no such service, or not granted then. Null when it does,
    /// or when no list speaks of the anchor.
    /// </summary>
    internal PathFailure? Refusal(Certificate anchor, PathPurpose purpose, DateTimeOffset at)
    {
        if (!_services.Contains(anchor.Sha256))
            return null;
        var fitting = Fitting(anchor, purpose);
        if (fitting.Count == 0)
            return PathFailures.NotListedFor(anchor, purpose);
        return fitting.Exists(s => s.At(at) is { IsGood: true }) ? null : PathFailures.NotGranted(anchor, fitting[0].At(at), at);
    }

    /// <summary>
    /// Why an anchor counts no longer at the instant of judgement: every list that names it for this should have been replaced by then,
    /// and the newer one may say that it was withdrawn. Null when one is in force, or none speaks of it.
    /// </summary>
    internal PathFailure? Outdated(Certificate anchor, PathPurpose purpose, DateTimeOffset now) =>
        _services.Contains(anchor.Sha256) && Fitting(anchor, purpose) is { Count: > 0 } named && named.TrueForAll(s => s.ListEnds < now)
            ? PathFailures.ListEnded(anchor, named.Max(s => s.ListEnds)!.Value) : null;

    private List<TrustService> Fitting(Certificate anchor, PathPurpose purpose) => _services[anchor.Sha256].Where(s => purpose switch
    {
        PathPurpose.Any => true,
        PathPurpose.Timestamping => s.Kind == TrustServiceKind.Timestamping,
        PathPurpose.OcspSigning => s.Kind is TrustServiceKind.OcspResponder or TrustServiceKind.Authority,
        _ => s.Kind == TrustServiceKind.Authority,
    }).ToList();

    /// <summary>A trusted list names this certificate as an OCSP responder of the same provider as the anchor's.</summary>
    internal bool IsResponder(Certificate candidate, Certificate anchor, DateTimeOffset at) => _services[candidate.Sha256].Any(
        s => s.Kind == TrustServiceKind.OcspResponder && s.At(at) is { IsGood: true }
            && _services[anchor.Sha256].Any(a => string.Equals(a.Provider, s.Provider, StringComparison.Ordinal)));

    /// <summary>The snapshot as bytes to keep, so that a later judge can trust as this one did.</summary>
    public byte[] Utf8() => JsonSerializer.SerializeToUtf8Bytes(new Stored([.. Anchors.Select(a => a.Der.ToArray())], Services), SnapshotJson.Default.Stored);

    /// <summary>A snapshot that <see cref="Utf8"/> wrote. Samples stay what they were: the first judge had allowed them.</summary>
    /// <exception cref="SigningException"><see cref="SigningFault.TrustUnreadable"/></exception>
    public static TrustSnapshot Read(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var stored = JsonSerializer.Deserialize(utf8, SnapshotJson.Default.Stored)!;
            return Of(stored.Anchors.Select(a => Certificate.Parse(a)), stored.Services ?? [], allowSample: true, []);
        }
        catch (Exception e) when (e is JsonException or NullReferenceException or SigningException)
        {
            throw new SigningException(SigningFault.TrustUnreadable, $"The stored trust snapshot cannot be read: {e.Message}", "Không đọc được bộ neo tin cậy đã lưu.", e);
        }
    }

    public bool Contains(Certificate certificate) => _set.Contains(certificate);

    internal IReadOnlyList<Certificate> BySubject(DistinguishedName subject) =>
        _bySubject.TryGetValue(subject, out var found) ? found : [];

    private static TrustSnapshot Of(IEnumerable<Certificate> anchors, IReadOnlyList<TrustService> services, bool allowSample, List<TrustFinding> findings, DateTimeOffset? ends = null)
    {
        var all = anchors.ToList();
        if (allowSample)
            return new TrustSnapshot(all, services, [], findings) { ListsEnd = ends };
        var refused = all.Where(SampleAnchors.IsSample).ToList();
        findings.AddRange(refused.Select(r => new TrustFinding(r.Subject.ToString(),
            "Chứng thư mẫu không được dùng làm neo tin cậy; chỉ khi thử nghiệm mới thêm --allow-sample-trust.",
            "A sample certificate is not accepted as a trust anchor; add --allow-sample-trust for tests only.")));
        return new TrustSnapshot(all.Except(refused), services, refused, findings) { ListsEnd = ends };
    }

    private static bool IsList(string file) => string.Equals(Path.GetExtension(file), ".xml", StringComparison.OrdinalIgnoreCase);

    private static List<Certificate> ListSigners(string folder, List<TrustFinding> findings)
    {
        var signers = new List<Certificate>();
        var pinned = Path.Combine(Directory.Exists(folder) ? folder : Path.GetDirectoryName(Path.GetFullPath(folder))!, "list-signers");
        foreach (var file in Directory.Exists(pinned) ? Files(pinned).Where(f => !IsList(f)) : [])
        {
            try
            {
                signers.AddRange(Certificate.ParseFile(File.ReadAllBytes(file)));
            }
            catch (Exception e) when (e is SigningException or IOException or UnauthorizedAccessException or FormatException)
            {
                findings.Add(new TrustFinding(file, "Không đọc được chứng thư của người ký danh sách tin cậy.", $"The list signer's certificate cannot be read: {e.Message}"));
            }
        }
        return signers;
    }

    /// <summary>Signed by a pinned certificate, or by one that such a list of lists points to for this list's territory. A pointer's list points no further.</summary>
    private static TrustedList ReadList(string file, IReadOnlyList<Certificate> pinned, Lazy<ILookup<string, Certificate>> pointers)
    {
        var xml = File.ReadAllBytes(file);
        try
        {
            return TrustedList.Read(xml, pinned);
        }
        catch (SigningException) when (pointers.Value.Count > 0)
        {
            var list = TrustedList.Read(xml, [.. pinned, .. pointers.Value.SelectMany(p => p)]);
            return TrustedList.Read(xml, [.. pointers.Value[list.Territory]]);
        }
    }

    private static ILookup<string, Certificate> Pointers(List<string> files, IReadOnlyList<Certificate> pinned)
    {
        var found = new List<(string Territory, Certificate Signer)>();
        foreach (var file in files.Where(IsList))
        {
            try
            {
                found.AddRange(TrustedList.Read(File.ReadAllBytes(file), pinned).Pointers);
            }
            catch (Exception e) when (e is SigningException or IOException or UnauthorizedAccessException)
            {
                // Told when it is read for itself.
            }
        }
        return found.ToLookup(p => p.Territory, p => p.Signer, StringComparer.Ordinal);
    }

    private static IEnumerable<TrustFinding> Remarks(string file, TrustedList list)
    {
        if (list.Services.Count == 0 && list.Pointers.Count == 0)
            yield return new TrustFinding(file, "Danh sách tin cậy không có dịch vụ nào dùng được.", "The trusted list has no service of use.");
    }

    // Sorted and written out, so that the same list gives the same id.
    private static string Line(TrustService s) =>
        $"{s.Certificate} {s.Kind} {s.Provider} {string.Join(' ', s.History.Select(h => $"{h.From.ToUnixTimeSeconds()}:{h.Status}"))} {s.ListEnds?.ToUnixTimeSeconds()}";

    private static IEnumerable<string> Files(string folder)
    {
        if (File.Exists(folder))
            return [folder];
        try
        {
            return Directory.EnumerateFiles(folder)
                .Where(f => Path.GetExtension(f).ToLowerInvariant() is ".pem" or ".crt" or ".cer" or ".xml")
                .Order(StringComparer.Ordinal).ToList();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SigningException(SigningFault.TrustUnreadable,
                $"The trust folder {folder} cannot be read: {e.Message} Give a folder of root certificates (*.pem, *.crt, *.cer) or trusted lists (*.xml).",
                $"Không đọc được thư mục neo tin cậy {folder}; hãy chỉ tới thư mục chứa chứng thư gốc (*.pem, *.crt, *.cer) hoặc danh sách tin cậy (*.xml).", e);
        }
    }

    internal sealed record Stored(IReadOnlyList<byte[]> Anchors, IReadOnlyList<TrustService>? Services = null);
}
