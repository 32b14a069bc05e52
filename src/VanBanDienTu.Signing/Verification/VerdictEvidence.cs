using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Revocation;

namespace VanBanDienTu.Signing;

public enum EvidenceKind
{
    Certificate,
    Ocsp,
    Crl,
    Timestamp,
}

/// <summary>A certificate, OCSP response, CRL or timestamp that a verdict rests on.</summary>
public sealed record EvidenceItem(EvidenceKind Kind, string Sha256, ReadOnlyMemory<byte> Data);

/// <summary>
/// All that a verdict rests on beside the file, the anchors and the policy. The same file, snapshot, policy, times and evidence
/// give the same verdict, whatever authorities say by then.
/// </summary>
/// <param name="At">The instant judged at.</param>
/// <param name="Items">Sorted by hash, each once.</param>
/// <param name="Exchanges">What authorities were asked, and what they said.</param>
/// <param name="Earlier">What was known of the file from before.</param>
public sealed record VerdictEvidence(DateTimeOffset At, IReadOnlyList<EvidenceItem> Items, RevocationExchanges Exchanges, EarlierEvidence? Earlier)
{
    /// <summary>Names the set; null when the verdict rests on nothing but the file.</summary>
    public string? Id { get; } = Name(Items, Exchanges, Earlier);

    /// <summary>The first half of the SHA-256 of a text, lower-case hexadecimal.</summary>
    internal static string Short(ReadOnlySpan<char> text)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes.AsSpan(0, Encoding.UTF8.GetBytes(text, bytes)), hash);
        ArrayPool<byte>.Shared.Return(bytes);
        return Convert.ToHexStringLower(hash[..16]);
    }

    private static string? Name(IReadOnlyList<EvidenceItem> items, RevocationExchanges exchanges, EarlierEvidence? earlier)
    {
        Span<char> room = stackalloc char[1024];
        var lines = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, room);
        foreach (var item in items)
            Line(ref lines, item.Sha256);
        foreach (var e in exchanges.All)
            Line(ref lines, e.Key, " ", e.Body is { } body ? e.BodySha256 ?? Fingerprint.Of(body.Span).ToString() : e.Why?.En);
        if (earlier is not null)
            Line(ref lines, earlier.Time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
        var name = lines.Text.IsEmpty ? null : Short(lines.Text[..^1]);
        lines.Clear();
        return name;
    }

    private static void Line(ref DefaultInterpolatedStringHandler lines, params ReadOnlySpan<string?> parts)
    {
        foreach (var part in parts)
            lines.AppendFormatted(part);
        lines.AppendLiteral("\n");
    }
}

/// <summary>A verdict and what it rests on.</summary>
public sealed record Examination(FileVerdict Verdict, VerdictEvidence Evidence);

/// <summary>How one file is to be judged, where that differs from «now, by what authorities say».</summary>
public sealed record VerificationOrder
{
    /// <summary>The file's name in the report; null for its own.</summary>
    public string? Name { get; init; }

    /// <summary>The instant to judge at; null for now.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>What is known of a file by its SHA-256 (lower-case hex) from before; null: nothing is.</summary>
    public Func<string, CancellationToken, Task<EarlierEvidence?>>? Earlier { get; init; }

    /// <summary>Judges again by these answers and asks nobody.</summary>
    public RevocationExchanges? Replay { get; init; }
}
