using System.Collections.Frozen;
using Grpc.Core;
using VanBanDienTu.Gateway.Config;

namespace VanBanDienTu.Gateway.Access;

/// <summary>Which role each method asks for. A method that is not listed is refused.</summary>
internal static class AccessRules
{
    private static readonly MemberRole[] Anyone = Enum.GetValues<MemberRole>();

    private static readonly FrozenDictionary<string, MemberRole[]> RolesOfService = new Dictionary<string, MemberRole[]>(StringComparer.Ordinal)
    {
        ["vanbandientu.v1.OutgoingService"] = [MemberRole.System],
        ["vanbandientu.v1.IncomingService"] = [MemberRole.System],
        ["vanbandientu.v1.SigningService"] = [MemberRole.System],
        ["vanbandientu.v1.VerificationService"] = Anyone,
        ["vanbandientu.v1.AxisLinkService"] = [MemberRole.Node],
        ["vanbandientu.v1.AuditService"] = [MemberRole.System, MemberRole.Auditor],
        ["vanbandientu.v1.DirectoryService"] = Anyone,
        ["vanbandientu.v1.OperationsService"] = [MemberRole.Operator],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // Their caller's organ must live at this node: documents begin and end at the organ's own gateway.
    private static readonly FrozenSet<string> OwnOrganServices = new[]
    {
        "vanbandientu.v1.OutgoingService", "vanbandientu.v1.IncomingService", "vanbandientu.v1.SigningService",
    }.ToFrozenSet(StringComparer.Ordinal);

    // They reveal nothing of anybody's documents; a load balancer has no certificate.
    private static readonly FrozenSet<string> OpenServices = new[]
    {
        "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection",
    }.ToFrozenSet(StringComparer.Ordinal);

    public static bool IsOpen(string method) => OpenServices.Contains(ServiceOf(method));

    /// <summary>Null when the caller may use the method.</summary>
    public static RequestException? Refusal(string method, Caller caller, AccessDirectory directory)
    {
        var wanted = method == "/vanbandientu.v1.AxisLinkService/Hello"
            ? Anyone
            : RolesOfService.GetValueOrDefault(ServiceOf(method), []);
        if (caller.Roles.Any(wanted.Contains))
            return OwnOrganServices.Contains(ServiceOf(method)) && !directory.IsLocal(caller.Organ) ? NotServedHere(caller) : null;
        var words = string.Join(", ", wanted.Select(role => role.ToString().ToLowerInvariant()));
        return new RequestException(StatusCode.PermissionDenied, "ROLE_MISSING",
            $"Chứng thư của {caller.Organ} không có vai trò cần cho {method} ({words}).",
            $"The certificate of {caller.Organ} lacks the role that {method} asks for ({words}).");
    }

    private static RequestException NotServedHere(Caller caller) => new(StatusCode.PermissionDenied, "NOT_SERVED_HERE",
        $"Cơ quan {caller.Organ} không đặt tại nút này; hãy gọi nút của cơ quan đó.",
        $"Organ {caller.Organ} does not live at this node; call its own node.");

    private static string ServiceOf(string method) =>
        method.LastIndexOf('/') is > 0 and var slash ? method[1..slash] : "";
}
