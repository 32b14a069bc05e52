using System.Text;

namespace VanBanDienTu.Cli.Demo;

/// <summary>Does what a forger would: changes the document under a signature.</summary>
internal static class Tampering
{
    /// <summary>Changes one digit of the document's own creation date, which every signature of the file covers; the file stays readable.</summary>
    public static void ChangeOneDigit(string pdf)
    {
        var bytes = File.ReadAllBytes(pdf);
        var at = bytes.AsSpan().IndexOf("/CreationDate"u8);
        if (at < 0) throw new DemoException($"{Path.GetFileName(pdf)} has no creation date to change.");
        var digit = at + bytes.AsSpan(at).IndexOf("(D:"u8) + Encoding.ASCII.GetByteCount("(D:2026112");
        bytes[digit] = bytes[digit] == (byte)'1' ? (byte)'2' : (byte)'1';
        File.WriteAllBytes(pdf, bytes);
    }
}
