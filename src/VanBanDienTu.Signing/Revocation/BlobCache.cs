using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Revocation;

/// <summary>Fetched bytes with where and when they were fetched; the oldest go first when the total grows too large.</summary>
internal sealed class BlobCache(long maxBytes)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Blob> _blobs = new(StringComparer.Ordinal);
    private long _total;

    public sealed record Blob(string Url, ReadOnlyMemory<byte> Body, DateTimeOffset FetchedAt, DateTimeOffset Until)
    {
        private string? _sha256;

        /// <summary>Of the body, lower-case hexadecimal; computed once, for every verdict names what it rests on.</summary>
        public string Sha256 => _sha256 ??= Fingerprint.Of(Body.Span).ToString();
    }

    public bool TryGet(string key, out Blob blob)
    {
        lock (_lock)
            return _blobs.TryGetValue(key, out blob!);
    }

    public void Set(string key, Blob blob)
    {
        lock (_lock)
        {
            Drop(key);
            if (blob.Body.Length > maxBytes)
                return;
            while (_total + blob.Body.Length > maxBytes)
                Drop(_blobs.MinBy(b => b.Value.FetchedAt).Key);
            _blobs[key] = blob;
            _total += blob.Body.Length;
        }
    }

    public void Remove(string key)
    {
        lock (_lock)
            Drop(key);
    }

    private void Drop(string key)
    {
        if (_blobs.Remove(key, out var old))
            _total -= old.Body.Length;
    }
}
