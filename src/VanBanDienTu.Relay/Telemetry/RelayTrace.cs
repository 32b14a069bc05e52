using System.Diagnostics;
using VanBanDienTu.Relay.Messages;

namespace VanBanDienTu.Relay.Telemetry;

/// <summary>
/// The steps of a message as spans (W3C Trace Context). Its trace id is its message id without hyphens: the same at every hop,
/// after a restart, and over neighbours that pass no headers on; who knows the message knows the trace.
/// </summary>
public static class RelayTrace
{
    public const string Name = "VanBanDienTu.Relay";

    private static readonly ActivitySource Source = new(Name);

    /// <summary>A step at this node; null while nobody listens.</summary>
    /// <remarks>A status and a failure belong to the trace of the document that they speak of.</remarks>
    public static Activity? Start(string step, MessageHeader message, ActivityKind kind = ActivityKind.Internal) =>
        Start(step, message.Concerns ?? message.Id, kind)?
            .SetTag("vbdt.message.id", message.Id.ToString("D"))
            .SetTag("vbdt.message.kind", message.Kind.ToString())
            .SetTag("vbdt.from", message.From.Organ)
            .SetTag("vbdt.to", message.To.Organ);

    /// <summary>A step that is known by a message's, or before there are messages by a document's, id.</summary>
    internal static Activity? Start(string step, Guid id, ActivityKind kind = ActivityKind.Internal) =>
        Source.HasListeners() ? Source.StartActivity(step, kind, Context(id)) : null;

    /// <summary>The traces of a document's deliveries, named in that of its preparation.</summary>
    internal static void Link(Activity? preparation, IEnumerable<Guid> messages)
    {
        if (preparation is null)
            return;
        foreach (var message in messages)
            preparation.AddLink(new ActivityLink(Context(message)));
    }

    private static ActivityContext Context(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return new ActivityContext(ActivityTraceId.CreateFromBytes(bytes), ActivitySpanId.CreateFromBytes(bytes[8..]), ActivityTraceFlags.Recorded, isRemote: true);
    }
}
