using System.Buffers;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace VanBanDienTu.Pdf;

/// <summary>Decodes stream data (ISO 32000-2, 7.4): Flate, LZW, ASCIIHex, ASCII85, RunLength, with PNG and TIFF predictors.</summary>
internal static class StreamFilters
{
    private const int LeastInflated = 16 << 10;

    /// <summary>Larger buffers are left to the collector: what hostile data swells to must not stay in the pool of the whole process.</summary>
    private const int MostPooled = 1 << 20;

    /// <summary>Applies one filter.</summary>
    /// <exception cref="PdfException">Unsupported filter, corrupt data, or more than <paramref name="max"/> bytes.</exception>
    public static byte[] Decode(string filter, PdfDictionary parameters, ReadOnlyMemory<byte> data, int max) => filter switch
    {
        "FlateDecode" or "Fl" => Predictor.Undo(Inflate(data, max), parameters, max),
        "LZWDecode" or "LZW" => Predictor.Undo(Lzw.Decode(data.Span, parameters["EarlyChange"] is not PdfInteger { Value: 0 }, max), parameters, max),
        "Crypt" => data.ToArray(), // decrypted before the filters run
        "ASCIIHexDecode" or "AHx" => PdfStrings.DecodeHex(UpTo(data.Span, (byte)'>')).Bytes,
        "ASCII85Decode" or "A85" => Ascii85.Decode(UpTo(data.Span, (byte)'~'), max),
        "RunLengthDecode" or "RL" => RunLength(data.Span, max),
        _ => throw new PdfException(PdfFault.UnsupportedFilter, $"Bộ lọc «{filter}» chưa được hỗ trợ.", $"The filter '{filter}' is not supported."),
    };

    private static ReadOnlySpan<byte> UpTo(ReadOnlySpan<byte> data, byte end) => data.IndexOf(end) is var at and >= 0 ? data[..at] : data;

    private static byte[] Inflate(ReadOnlyMemory<byte> data, int max)
    {
        var input = MemoryMarshal.TryGetArray(data, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false) : new MemoryStream(data.ToArray(), writable: false);
        using var inflater = new ZLibStream(input, CompressionMode.Decompress);
        var output = ArrayPool<byte>.Shared.Rent(LeastInflated);
        var length = 0;
        try
        {
            for (int got; (got = inflater.Read(output, length, output.Length - length)) > 0;)
            {
                length += got;
                if (length > max)
                    throw PdfException.Limit($"{max} decoded bytes in one stream");
                if (length == output.Length)
                    output = Larger(output);
            }
            return output[..length];
        }
        catch (InvalidDataException)
        {
            throw PdfException.Bad("Dữ liệu nén bị hỏng.", "The compressed data is corrupt.");
        }
        finally
        {
            Return(output);
        }
    }

    private static byte[] Larger(byte[] full)
    {
        var size = 2 * full.Length;
        var larger = size <= MostPooled ? ArrayPool<byte>.Shared.Rent(size) : GC.AllocateUninitializedArray<byte>(size);
        full.CopyTo(larger, 0);
        Return(full);
        return larger;
    }

    private static void Return(byte[] buffer)
    {
        if (buffer.Length <= MostPooled)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    private static byte[] RunLength(ReadOnlySpan<byte> data, int max)
    {
        var output = new List<byte>();
        for (var i = 0; i < data.Length && data[i] != 128;)
        {
            var length = data[i++];
            if (length < 128)
            {
                var run = data[i..Math.Min(data.Length, i + length + 1)];
                output.AddRange(run);
                i += run.Length;
            }
            else if (i < data.Length)
            {
                for (var k = 257 - length; k > 0; k--)
                    output.Add(data[i]);
                i++;
            }
            if (output.Count > max)
                throw PdfException.Limit($"{max} decoded bytes in one stream");
        }
        return output.ToArray();
    }
}
