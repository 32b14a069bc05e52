using System.Globalization;
using System.Text.Json;

namespace VanBanDienTu.Signing.Certificates;

/// <summary>One row: an algorithm, the smallest key size the row speaks for, the last day it may be relied on (null: open).</summary>
public sealed record AlgorithmRow(string Algorithm, int Size, DateOnly? Until);

/// <summary>
/// Until when hashes and keys may be relied on. A signature that is proven to have existed by the last day of its algorithms
/// keeps its worth. The table is data: an agency can give another one, and reports cite its version.
/// </summary>
/// <param name="Version">Names the table in reports.</param>
/// <param name="Updated">When it was made: days after it are forecasts.</param>
/// <param name="Rows">For each algorithm the row with the largest size not above the key's counts.</param>
/// <remarks>Source of the default: shared/domain/algorithms.md, that is ETSI TS 119 312 v1.5.1 as carried by the DSS 6.4 default policy.</remarks>
public sealed record AlgorithmPolicy(string Version, DateOnly Updated, IReadOnlyList<AlgorithmRow> Rows)
{
    public static AlgorithmPolicy Default { get; } = ReadDefault();

    /// <summary>Forecasts never fail a signature, as in DSS; by default they do when nothing proves that it is older.</summary>
    public bool ForecastsOnlyWarn { get; init; }

    /// <summary>For what carries proofs (timestamps) and for certificates: a day that was only foreseen must not end them by itself.</summary>
    public AlgorithmPolicy WithoutForecasts => this with { ForecastsOnlyWarn = true };

    /// <summary>Reads a table in the form of the default one, algorithms.json.</summary>
    /// <exception cref="SigningException"><see cref="SigningFault.BadRequest"/>: it is not such a table, or cannot be read.</exception>
    public static AlgorithmPolicy Load(string path)
    {
        try
        {
            return Read(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            throw new SigningException(SigningFault.BadRequest,
                $"The table of algorithms {path} cannot be used: {e.Message}",
                $"Không dùng được bảng thuật toán {path}: {e.Message}", e);
        }
    }

    /// <summary>The table as bytes to keep, in the form that <see cref="Read"/> takes.</summary>
    public byte[] Utf8()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("version", Version);
            json.WriteString("updated", Updated.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            json.WriteBoolean("forecastsOnlyWarn", ForecastsOnlyWarn);
            json.WriteStartArray("rows");
            foreach (var row in Rows)
            {
                json.WriteStartObject();
                json.WriteString("algorithm", row.Algorithm);
                json.WriteNumber("size", row.Size);
                json.WriteString("until", row.Until?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    /// <summary>The last day for a hash («SHA-1»); null when open or not listed.</summary>
    public DateOnly? HashUntil(string name) => Row(name, 0)?.Until;

    /// <summary>The last day for a signature algorithm and key size; null when open or not listed.</summary>
    public DateOnly? KeyUntil(string algorithm, int size) => Row(algorithm, size)?.Until;

    /// <summary>The earlier of the hash's and the key's last day; null when both are open.</summary>
    public DateOnly? Until(SignatureAlgorithm algorithm, PublicKeyInfo key)
    {
        var hash = algorithm.HashName is { } name ? HashUntil(name) : null;
        var size = KeyUntil(algorithm.Name, key.Size);
        return hash is null ? size : size is null || hash < size ? hash : size;
    }

    /// <summary>What was no longer to be relied on at an instant, with its last day; null when nothing failed.</summary>
    public (string Name, DateOnly Until)? FirstExpired(SignatureAlgorithm algorithm, PublicKeyInfo key, DateTimeOffset at)
    {
        if (algorithm.HashName is { } hash && ExpiredHash(hash, at) is { } hashUntil)
            return (hash, hashUntil);
        return KeyUntil(algorithm.Name, key.Size) is { } keyUntil && IsOver(keyUntil, at) ? ($"{algorithm.Name} {key.Size}", keyUntil) : null;
    }

    /// <summary>The last day of a hash that was no longer to be relied on at an instant; null when it was.</summary>
    public DateOnly? ExpiredHash(string name, DateTimeOffset at) => HashUntil(name) is { } until && IsOver(until, at) ? until : null;

    private bool IsOver(DateOnly until, DateTimeOffset at) =>
        DateOnly.FromDateTime(at.UtcDateTime) > until && (until <= Updated || !ForecastsOnlyWarn);

    private AlgorithmRow? Row(string algorithm, int size)
    {
        AlgorithmRow? best = null;
        for (var i = 0; i < Rows.Count; i++)
        {
            var row = Rows[i];
            if (row.Size <= size && !(row.Size <= best?.Size) && string.Equals(row.Algorithm, algorithm, StringComparison.Ordinal))
                best = row;
        }
        return best;
    }

    private static AlgorithmPolicy ReadDefault()
    {
        using var stream = typeof(AlgorithmPolicy).Assembly.GetManifestResourceStream("algorithms.json")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return Read(bytes);
    }

    /// <summary>A table that <see cref="Utf8"/> wrote.</summary>
    public static AlgorithmPolicy Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var rows = root.GetProperty("rows").EnumerateArray().Select(row => new AlgorithmRow(
            Text(row.GetProperty("algorithm")),
            row.TryGetProperty("size", out var size) ? size.GetInt32() : 0,
            row.GetProperty("until") is { ValueKind: not JsonValueKind.Null } until ? Day(until) : null));
        return new AlgorithmPolicy(Text(root.GetProperty("version")), Day(root.GetProperty("updated")), [.. rows])
        {
            ForecastsOnlyWarn = root.TryGetProperty("forecastsOnlyWarn", out var warn) && warn.GetBoolean(),
        };
    }

    private static string Text(JsonElement value) => value.GetString() ?? throw new FormatException("a text is missing");

    private static DateOnly Day(JsonElement value) => DateOnly.ParseExact(Text(value), "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
