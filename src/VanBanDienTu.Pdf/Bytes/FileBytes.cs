namespace VanBanDienTu.Pdf;

/// <summary>Reads from a place on; gives 0 only at the end. Safe for concurrent reads.</summary>
internal delegate int ReadAt(long offset, Span<byte> into);

/// <summary>A file behind a small cache of pages: structure is read in short hops, payloads in long runs that pass the cache by.</summary>
internal sealed class FileBytes : PdfBytes
{
    private const int PageSize = 32 << 10;
    private const int PagesKept = 64; // 2 MiB

    private readonly ReadAt read;
    private readonly IDisposable owner;
    private readonly Lock gate = new();
    private readonly List<(long Page, byte[] Bytes)> pages = new(PagesKept); // most recently used last

    /// <param name="owner">Disposed of with this.</param>
    public FileBytes(ReadAt read, long length, IDisposable owner) => (this.read, Length, this.owner) = (read, length, owner);

    public override long Length { get; }

    public override int Read(long offset, Span<byte> into)
    {
        if (offset < 0 || offset >= Length)
            return 0;
        if (into.Length < PageSize)
        {
            var part = Window(offset, into.Length);
            part.Span.CopyTo(into);
            return part.Length;
        }
        return ReadAll(offset, into);
    }

    internal override ReadOnlyMemory<byte> Window(long offset, int length)
    {
        if (offset < 0 || offset >= Length)
            return default;
        length = (int)Math.Min(length, Length - offset);
        var (page, within) = (offset / PageSize, (int)(offset % PageSize));
        if (within + length <= PageSize)
            return PageOf(page).AsMemory(within, length);

        var joined = GC.AllocateUninitializedArray<byte>(length);
        if (length > 4 * PageSize)
        {
            Require(ReadAll(offset, joined), length, offset);
            return joined;
        }
        for (var filled = 0; filled < length; page++, within = 0)
        {
            var source = PageOf(page).AsSpan(within);
            var take = Math.Min(source.Length, length - filled);
            source[..take].CopyTo(joined.AsSpan(filled));
            filled += take;
        }
        return joined;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            owner.Dispose();
    }

    private byte[] PageOf(long page)
    {
        lock (gate)
        {
            for (var i = pages.Count - 1; i >= 0; i--)
            {
                if (pages[i].Page != page)
                    continue;
                var found = pages[i];
                if (i != pages.Count - 1)
                {
                    pages.RemoveAt(i);
                    pages.Add(found);
                }
                return found.Bytes;
            }
            var start = page * PageSize;
            var bytes = GC.AllocateUninitializedArray<byte>((int)Math.Min(PageSize, Length - start)); // filled whole, or refused
            Require(ReadAll(start, bytes), bytes.Length, start);
            if (pages.Count == PagesKept)
                pages.RemoveAt(0);
            pages.Add((page, bytes));
            return bytes;
        }
    }

    private int ReadAll(long offset, Span<byte> into)
    {
        var filled = 0;
        while (filled < into.Length)
        {
            var got = read(offset + filled, into[filled..]);
            if (got == 0)
                break;
            filled += got;
        }
        return filled;
    }

    private static void Require(int got, int wanted, long offset)
    {
        if (got < wanted)
            throw new PdfException(PdfFault.Truncated, "Tệp bị cắt ngắn khi đang đọc.", "The file became shorter while it was read.", offset);
    }
}
