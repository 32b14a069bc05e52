using Grpc.Core;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Gateway.Access;

/// <summary>Who calls, as the node's member directory knows it.</summary>
internal sealed record Caller(string Organ, string Name, IReadOnlyList<MemberRole> Roles, Certificate Certificate)
{
    /// <summary>The certificate's common name: what a neighbouring node is called in records.</summary>
    public string NodeName => Certificate.CommonName is { Length: > 0 } name ? name : Name;

    public PeerNode ToPeer() => new(NodeName, Organ, Certificate.Sha256);

    public bool Is(MemberRole role) => Roles.Contains(role);
}

internal static class CallerOfCall
{
    private static readonly object Key = new();

    public static void SetCaller(this ServerCallContext context, Caller caller) => context.UserState[Key] = caller;

    /// <summary>The judged caller; every method but health and reflection has one.</summary>
    public static Caller Caller(this ServerCallContext context) => (Caller)context.UserState[Key];

    public static string CallerOrgan(this ServerCallContext context) => context.Caller().Organ;
}
