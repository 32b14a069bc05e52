using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;

namespace VanBanDienTu.Axis.Vxp;

/// <summary>
/// Takes an answer apart whose <c>data</c> is a whole packet in base64: the packet streams to its place, the rest (bounded) is kept as JSON.
/// </summary>
internal sealed class DataField(Stream packet)
{
    /// <summary>Bytes of the answer beside the packet.</summary>
    private const int MaxRest = 64 * 1024;

    private readonly MemoryStream rest = new();
    private readonly byte[] text = new byte[32 * 1024];
    private readonly byte[] decoded = new byte[24 * 1024];
    private int pending;
    private long written;

    // Where we are: depth of objects and arrays, inside a text, after a backslash; the last text at depth 1 is the name of what follows.
    private int depth;
    private bool inText;
    private bool escaped;
    private bool afterColon;
    private bool inData;
    private string unicode = "";
    private bool inUnicode;
    private int nameFrom;
    private string name = "";

    /// <summary>Reads the answer to its end.</summary>
    /// <returns>The answer with an empty <c>data</c>, and the number of bytes of the packet.</returns>
    /// <exception cref="AxisException"><see cref="AxisFault.PeerUnreadable"/>.</exception>
    public async Task<(JsonDocument Answer, long Bytes)> ReadAsync(Stream answer, long mostBytes, CancellationToken ct)
    {
        var buffer = new byte[32 * 1024];
        int read;
        while ((read = await answer.ReadAsync(buffer, ct)) > 0)
        {
            for (var i = 0; i < read; i++)
            {
                if (inData)
                    Data(buffer[i]);
                else
                    Plain(buffer[i]);
                if (pending == text.Length)
                    await DecodeAsync(last: false, ct);
            }

            if (written > mostBytes)
                throw VxpReading.Unreadable($"gói tin lớn hơn {mostBytes} byte", $"the packet is larger than {mostBytes} bytes");
        }

        await DecodeAsync(last: true, ct);
        try
        {
            return (JsonDocument.Parse(rest.ToArray()), written);
        }
        catch (JsonException broken)
        {
            throw VxpReading.Unreadable("không phải JSON", "it is not JSON", broken);
        }
    }

    private void Plain(byte b)
    {
        if (rest.Length >= MaxRest)
            throw VxpReading.Unreadable("quá dài", "it is too long");
        rest.WriteByte(b);
        if (inText)
        {
            if (!escaped && b == '"')
            {
                inText = false;
                if (depth == 1 && !afterColon)
                    name = System.Text.Encoding.UTF8.GetString(rest.GetBuffer(), nameFrom, (int)rest.Length - 1 - nameFrom);
                afterColon = false;
            }

            escaped = !escaped && b == '\\';
            return;
        }

        switch (b)
        {
            case (byte)'"':
                inText = true;
                nameFrom = (int)rest.Length;
                inData = depth == 1 && afterColon && string.Equals(name, "data", StringComparison.OrdinalIgnoreCase);
                break;
            case (byte)':': afterColon = true; break;
            case (byte)',': afterColon = false; break;
            case (byte)'{' or (byte)'[': depth++; afterColon = false; break;
            case (byte)'}' or (byte)']': depth--; break;
        }
    }

    // Some JSON writers escape «/» and «=»; line breaks inside base64 mean nothing.
    private void Data(byte b)
    {
        if (inUnicode)
        {
            unicode += (char)b;
            if (unicode.Length < 4)
                return;
            inUnicode = false;
            if (ushort.TryParse(unicode, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var c) && c < 128)
                Keep((byte)c);
            else
                throw VxpReading.Unreadable("data không phải base64", "data is not base64");
        }
        else if (escaped)
        {
            escaped = false;
            if (b == 'u')
                (inUnicode, unicode) = (true, "");
            else if (b is (byte)'/' or (byte)'\\' or (byte)'"')
                Keep(b);
        }
        else if (b == '\\')
        {
            escaped = true;
        }
        else if (b == '"')
        {
            (inData, inText, afterColon) = (false, false, false);
            rest.WriteByte(b);
        }
        else
        {
            Keep(b);
        }
    }

    private void Keep(byte b)
    {
        if (b is not ((byte)'\r' or (byte)'\n' or (byte)' ' or (byte)'\t'))
            text[pending++] = b;
    }

    private async Task DecodeAsync(bool last, CancellationToken ct)
    {
        // The last group waits for the end: only there padding is allowed.
        var ready = last ? pending : (pending - 1) / 4 * 4;
        var status = Base64.DecodeFromUtf8(text.AsSpan(0, ready), decoded, out var consumed, out var count, isFinalBlock: last);
        if (status != System.Buffers.OperationStatus.Done || consumed != ready)
            throw VxpReading.Unreadable("data không phải base64", "data is not base64");
        await packet.WriteAsync(decoded.AsMemory(0, count), ct);
        written += count;
        text.AsSpan(ready, pending - ready).CopyTo(text);
        pending -= ready;
    }
}
