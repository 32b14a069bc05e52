namespace VanBanDienTu.Axis.Edxml;

/// <summary>A file to be packed.</summary>
/// <param name="ContentId">As in the manifest, without <c>cid:</c>.</param>
/// <param name="Name">Its original file name, which decides how it is carried (<see cref="AttachmentEncoding"/>).</param>
/// <param name="Description">Free text, or null.</param>
/// <param name="Open">Opens the bytes; called once, closed here.</param>
public sealed record PacketAttachment(string ContentId, string Name, string? Description, Func<Stream> Open);

/// <summary>A file taken out of a packet.</summary>
/// <param name="ContentId">Without <c>cid:</c>.</param>
/// <param name="Name">The file name as received; never used as a path.</param>
/// <param name="ContentType">As received.</param>
/// <param name="Description">As received.</param>
/// <param name="Path">Where its bytes are, under the caller's folder, by a name of ours.</param>
/// <param name="Size">Bytes, decoded and unzipped.</param>
/// <param name="Sha256">Of those bytes, hex in lower case.</param>
/// <param name="WasZipped">Whether it came inside a ZIP made for the way.</param>
public sealed record UnpackedAttachment(
    string ContentId, string? Name, string? ContentType, string? Description, string Path, long Size, string Sha256, bool WasZipped);

/// <summary>What a packet held.</summary>
/// <param name="Envelope">
/// The packet's XML without attachments and without hops: what stays the same on the way, so it can be compared, kept and packed again.
/// Empty when the XML itself was refused.
/// </param>
/// <param name="Hops">The hops that the XML carried, oldest first.</param>
/// <param name="Reading">The document or status, and every problem of the packet.</param>
/// <param name="Attachments">The files that came out whole.</param>
public sealed record UnpackedPacket(
    byte[] Envelope, IReadOnlyList<TraceHop> Hops, EdxmlReading Reading, IReadOnlyList<UnpackedAttachment> Attachments)
{
    public IReadOnlyList<EdxmlProblem> Problems => Reading.Problems;

    public bool HasErrors => Reading.HasErrors;
}

/// <summary>Whole <c>.edxml</c> packets, as they cross the national axis: envelope, hops and attachments in one XML file.</summary>
public static class EdxmlPacket
{
    /// <summary>Writes a packet in one pass; no attachment is held in memory.</summary>
    /// <param name="envelope">Bytes of <see cref="EdxmlWriter.WriteEnvelope"/> or of <see cref="UnpackedPacket.Envelope"/>; they are carried, not rewritten by our model.</param>
    /// <param name="hops">Added after the hops that the envelope itself records.</param>
    /// <param name="attachments">Exactly those that the manifest names.</param>
    /// <param name="output">Stays open; written synchronously.</param>
    /// <exception cref="AxisException">
    /// <see cref="AxisFault.AttachmentMissing"/> when manifest and attachments differ, <see cref="AxisFault.InvalidContent"/> or
    /// <see cref="AxisFault.NotXml"/> for a bad envelope; nothing was written then.
    /// </exception>
    public static void Pack(
        ReadOnlyMemory<byte> envelope, IReadOnlyList<TraceHop> hops, IReadOnlyList<PacketAttachment> attachments, Stream output) =>
        PacketWriting.Write(envelope, hops, attachments, output);

    /// <summary>An envelope with hops recorded in it, for people and for packing later.</summary>
    /// <exception cref="AxisException">The envelope is not one.</exception>
    public static byte[] WithHops(ReadOnlyMemory<byte> envelope, IReadOnlyList<TraceHop> hops) => PacketWriting.WithHops(envelope, hops);

    /// <summary>
    /// Takes a packet apart in one pass: each attachment is decoded into a new file of <paramref name="folder"/> while it is hashed.
    /// Never throws for what the packet holds; every problem is in the result.
    /// </summary>
    /// <param name="input">Read to its end, or to where it must be refused.</param>
    /// <param name="folder">Must exist. Files are named <c>1</c>, <c>2</c>, …; the caller owns them.</param>
    /// <exception cref="IOException">The folder cannot be written, or the disk is full.</exception>
    public static UnpackedPacket Unpack(
        Stream input, string folder, EdxmlLimits? limits = null, EdxmlRules? rules = null, CancellationToken ct = default) =>
        new PacketReading(folder, limits ?? EdxmlLimits.Default, rules ?? EdxmlRules.Default, ct).Read(input);
}
