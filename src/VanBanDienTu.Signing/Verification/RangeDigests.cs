using System.Buffers;
using System.Security.Cryptography;
using VanBanDienTu.Pdf;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Verification;

/// <summary>The file's SHA-256 and the digest of every byte range asked for, in one pass over the file with one buffer.</summary>
/// <remarks>What a SHA-256 range has in common with the file, which is all but its end, is hashed once.</remarks>
internal sealed class RangeDigests : IDisposable
{
    private const int BufferBytes = 256 << 10;

    private readonly List<Range> _ranges = [];
    private readonly ForkingSha256? _forking;
    private readonly IncrementalHash? _file; // where there is none that forks

    public RangeDigests()
    {
        _forking = ForkingSha256.TryCreate();
        _file = _forking is null ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
    }

    /// <summary>SHA-256 of the whole file; after <see cref="Run"/>.</summary>
    public byte[] File { get; private set; } = [];

    /// <summary>Asks for the digest of [0, firstLength) and [secondStart, secondStart + secondLength); what cannot be computed is left out.</summary>
    public void Want(string digestOid, long firstLength, long secondStart, long secondLength)
    {
        if (MessageHash.DotNetName(digestOid) is { } name && Find(digestOid, firstLength, secondStart, secondLength) is null)
            _ranges.Add(new Range(digestOid, firstLength, secondStart, secondStart + secondLength, Shares(name) ? null : IncrementalHash.CreateHash(name)));
    }

    /// <summary>The digest of a range that was wanted; null when this machine cannot compute it.</summary>
    public byte[]? Of(string digestOid, long firstLength, long secondStart, long secondLength) =>
        Find(digestOid, firstLength, secondStart, secondLength)?.Digest;

    /// <summary>Reads the file once; the scan sees the same bytes.</summary>
    public void Run(PdfBytes bytes, RepairScan? scan, CancellationToken cancellation)
    {
        // Each stretch between two boundaries belongs to a range whole or not at all.
        var stops = new List<long>(_ranges.Count * 3 + 1) { bytes.Length };
        foreach (var range in _ranges)
            stops.AddRange([range.FirstEnd, range.SecondStart, range.SecondEnd]);
        stops.Sort(); // one that comes twice has nothing before it the second time
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            Read(bytes, stops, buffer, scan, cancellation);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        File = _forking?.Finish() ?? _file!.GetHashAndReset();
        foreach (var range in _ranges)
            range.Digest = range.Hash?.GetHashAndReset() ?? range.Fork!.Finish();
    }

    private bool Shares(HashAlgorithmName name) => _forking is not null && name == HashAlgorithmName.SHA256;

    private void Read(PdfBytes bytes, List<long> stops, byte[] buffer, RepairScan? scan, CancellationToken cancellation)
    {
        long at = 0;
        foreach (var stop in stops)
        {
            while (at < stop)
            {
                cancellation.ThrowIfCancellationRequested();
                var part = bytes.View(at, buffer.AsSpan(0, (int)Math.Min(buffer.Length, stop - at)));
                if (part.IsEmpty)
                    throw new EndOfStreamException("The file became shorter while it was read.");
                Append(at, part);
                scan?.Append(at, part);
                at += part.Length;
            }
            foreach (var range in _ranges)
            {
                if (range.Hash is null && range.FirstEnd == stop)
                    range.Fork ??= _forking!.Fork();
            }
        }
    }

    public void Dispose()
    {
        _file?.Dispose();
        _forking?.Dispose();
        foreach (var range in _ranges)
        {
            range.Hash?.Dispose();
            range.Fork?.Dispose();
        }
    }

    private void Append(long at, ReadOnlySpan<byte> bytes)
    {
        if (_forking is null)
            _file!.AppendData(bytes);
        else
            _forking.Append(bytes);
        foreach (var range in _ranges)
        {
            if (at < range.FirstEnd || (at >= range.SecondStart && at < range.SecondEnd))
            {
                range.Hash?.AppendData(bytes);
                range.Fork?.Append(bytes); // none yet: the file's hash takes them for both
            }
        }
    }

    private Range? Find(string oid, long first, long second, long length) => _ranges.Find(r =>
        string.Equals(oid, r.DigestOid, StringComparison.Ordinal) && first == r.FirstEnd && second == r.SecondStart && second + length == r.SecondEnd);

    private sealed class Range(string digestOid, long firstEnd, long secondStart, long secondEnd, IncrementalHash? hash)
    {
        public string DigestOid { get; } = digestOid;
        public long FirstEnd { get; } = firstEnd;
        public long SecondStart { get; } = secondStart;
        public long SecondEnd { get; } = secondEnd;
        public IncrementalHash? Hash { get; } = hash;
        public ForkingSha256? Fork { get; set; }
        public byte[]? Digest { get; set; }
    }
}
