using System.Buffers.Binary;
using System.Text;

namespace VanBanDienTu.TestKit.PowerCuts;

/// <summary>Everything that watched processes did to one folder.</summary>
public sealed class DiskLog
{
    private const int HeaderBytes = 56;

    private DiskLog(List<DiskCall> calls) => Calls = calls;

    public IReadOnlyList<DiskCall> Calls { get; }

    /// <summary>Reads what <see cref="DiskWatch"/> wrote; a record that is being written is left out.</summary>
    public static DiskLog Read(string file)
    {
        var bytes = new ReadOnlyMemory<byte>(File.Exists(file) ? File.ReadAllBytes(file) : []);
        var calls = new List<DiskCall>();
        while (bytes.Length >= HeaderBytes)
        {
            var head = bytes.Span[..HeaderBytes];
            var (path, second, data) = (Number(head[40..]), Number(head[44..]), Number(head[48..]));
            if (bytes.Length < HeaderBytes + path + second + data)
                break;
            var rest = bytes[HeaderBytes..];
            calls.Add(new DiskCall(
                (DiskCallKind)Number(head), Number(head[4..]), (long)Long(head[8..]), Long(head[16..]), (long)Long(head[24..]), Number(head[32..]),
                Text(rest[..path]), Text(rest.Slice(path, second)), rest.Slice(path + second, data)));
            bytes = rest[(path + second + data)..];
        }

        return new DiskLog(calls);
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static int Number(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt32LittleEndian(bytes);

    private static ulong Long(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes);
}
