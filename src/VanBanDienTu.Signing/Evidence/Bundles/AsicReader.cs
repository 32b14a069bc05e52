using System.IO.Compression;
using System.Security.Cryptography;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Signing.Evidence.Bundles;

/// <summary>One line of what a container turned out to be.</summary>
/// <param name="Name">File inside, or the manifest.</param>
/// <param name="Good">Digest, and for evidence its own signature too.</param>
/// <param name="Text">Who signed, or what is wrong.</param>
public sealed record AsicFinding(string Name, bool Good, LocalText Text);

/// <summary>Checks a container offline: the signature over the list, every file against the list, every piece of evidence by its own signature.</summary>
/// <remarks>Source: ETSI EN 319 162-1. Sizes are counted while they are unpacked: what a ZIP says of itself is not believed.</remarks>
public static class AsicReader
{
    public const int MostFiles = 100_000;
    internal const string TypeEntry = "mimetype";
    private const long MostEvidenceBytes = 4 << 20;

    /// <summary>PDFs and packets hardly shrink by Deflate; what grows more than this many times is made to cost time.</summary>
    private const int MostExpansion = 64;

    /// <summary>Allowed to any container: a small one may hold well compressed text.</summary>
    private const long AlwaysUnpacked = 256L << 20;

    private const string SignatureSuffix = ".p7s";

    /// <summary>Checks everything; bad input is an answer, never an exception.</summary>
    /// <param name="container">Seekable.</param>
    /// <param name="at">The instant at which paths must hold.</param>
    public static IReadOnlyList<AsicFinding> Verify(Stream container, TrustSnapshot trust, DateTimeOffset at)
    {
        try
        {
            using var zip = new ZipArchive(container, ZipArchiveMode.Read, leaveOpen: true);
            return Judge(zip, Math.Max(AlwaysUnpacked, container.Length * MostExpansion), trust, at);
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or NotSupportedException)
        {
            return [Bad("ASiC", "Không đọc được gói chứng cứ: tệp hỏng hoặc không phải ASiC-E.", $"The container cannot be read: {e.Message}")];
        }
    }

    internal static bool IsPlain(string name) =>
        name.Length is > 0 and <= 1000 && name != TypeEntry && !name.StartsWith("META-INF/", StringComparison.Ordinal) && !name.Contains('\\', StringComparison.Ordinal)
        && name.Split('/').All(part => part is not ("" or "." or ".."));

    /// <param name="room">Bytes that all files together may unpack to.</param>
    private static List<AsicFinding> Judge(ZipArchive zip, long room, TrustSnapshot trust, DateTimeOffset at)
    {
        if (zip.Entries.Count > MostFiles)
            throw new FormatException($"it has more than {MostFiles} files");
        var entries = new Dictionary<string, ZipArchiveEntry>(StringComparer.Ordinal);
        foreach (var entry in zip.Entries)
        {
            if (!entries.TryAdd(entry.FullName, entry))
                throw new FormatException($"it holds {entry.FullName} twice"); // programs would disagree about which one counts
        }

        var manifest = Bytes(entries, AsicManifest.Path, AsicManifest.MostBytes);
        var paths = new EvidencePaths();
        var findings = new List<AsicFinding>
        {
            Signed(AsicManifest.Path, EvidenceVerifier.Verify(manifest, Bytes(entries, AsicManifest.SignaturePath, EvidenceVerifier.MaxSignatureBytes), trust, at, paths)),
        };
        var named = AsicManifest.Read(manifest);
        foreach (var file in named)
            findings.Add(Compare(entries, file, ref room));
        foreach (var file in named.Where(f => entries.ContainsKey(f.Name + SignatureSuffix)))
        {
            findings.Add(Signed(file.Name, EvidenceVerifier.Verify(
                Bytes(entries, file.Name, MostEvidenceBytes), Bytes(entries, file.Name + SignatureSuffix, EvidenceVerifier.MaxSignatureBytes), trust, at, paths)));
        }

        var listed = named.Select(f => f.Name).Concat([TypeEntry, AsicManifest.Path, AsicManifest.SignaturePath]).ToHashSet(StringComparer.Ordinal);
        findings.AddRange(entries.Keys.Where(name => !listed.Contains(name)).Order(StringComparer.Ordinal).Select(name =>
            Bad(name, "Tệp này không có trong danh sách đã ký: không phải của gói.", "This file is not on the signed list: it does not belong to the container.")));
        return findings;
    }

    private static AsicFinding Compare(Dictionary<string, ZipArchiveEntry> entries, AsicFile file, ref long room)
    {
        if (!entries.TryGetValue(file.Name, out var entry))
            return Bad(file.Name, "Tệp có trong danh sách đã ký nhưng không còn trong gói.", "The file is on the signed list but no longer in the container.");
        return Sha256(entry, ref room).AsSpan().SequenceEqual(file.Sha256)
            ? new AsicFinding(file.Name, true, new LocalText("đúng như đã ký", "as signed"))
            : Bad(file.Name, "Nội dung đã khác so với lúc ký gói.", "The content is not what was signed.");
    }

    private static byte[] Sha256(ZipArchiveEntry entry, ref long room)
    {
        using var content = entry.Open();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[64 << 10];
        while (content.Read(buffer) is > 0 and var count)
        {
            hash.AppendData(buffer, 0, count);
            room -= count;
            if (room < 0)
                throw new FormatException($"its files unpack to more than {MostExpansion} times its own size");
        }

        return hash.GetHashAndReset();
    }

    private static AsicFinding Signed(string name, EvidenceVerdict verdict) => new(
        name, verdict.Valid,
        verdict.Valid ? new LocalText($"ký bởi {verdict.Signer?.CommonName}", $"signed by {verdict.Signer?.CommonName}") : verdict.Text!);

    private static byte[] Bytes(Dictionary<string, ZipArchiveEntry> entries, string name, long most)
    {
        using var content = (entries.GetValueOrDefault(name) ?? throw new FormatException($"it lacks {name}")).Open();
        using var bytes = new MemoryStream();
        var buffer = new byte[16 << 10];
        while (content.Read(buffer) is > 0 and var count)
        {
            bytes.Write(buffer, 0, count);
            if (bytes.Length > most)
                throw new FormatException($"{name} is larger than {most} bytes");
        }

        return bytes.ToArray();
    }

    private static AsicFinding Bad(string name, string vi, string en) => new(name, false, new LocalText(vi, en));
}
