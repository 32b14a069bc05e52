using Grpc.Core;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Relay;

namespace VanBanDienTu.Gateway.Grpc;

/// <summary>The directory of units, for whoever follows it.</summary>
internal sealed class DirectoryService(RelayNode relay) : Contracts.V1.DirectoryService.DirectoryServiceBase
{
    public override async Task<ListUnitsResponse> ListUnits(ListUnitsRequest request, ServerCallContext context)
    {
        var size = request.PageSize is >= 1 and <= 1000 ? request.PageSize : 500;
        var units = await relay.Units.AfterAsync(request.AfterVersion, size, context.CancellationToken);
        var response = new ListUnitsResponse { More = units.Count == size };
        response.Units.Add(units.Select(ToProto));
        return response;
    }

    public override async Task<Unit> GetUnit(GetUnitRequest request, ServerCallContext context) =>
        await relay.Units.FindAsync(request.Code, context.CancellationToken) is { } unit
            ? ToProto(unit)
            : throw new RequestException(StatusCode.NotFound, "UNIT_UNKNOWN",
                $"Danh bạ không có đơn vị {request.Code}.", $"The directory has no unit {request.Code}.");

    private static Unit ToProto(Relay.Members.Unit unit) => new()
    {
        Code = unit.Code,
        Name = unit.Name,
        Parent = unit.Parent ?? "",
        OldCode = unit.OldCode ?? "",
        Successor = unit.Successor ?? "",
        Mail = unit.Mail ?? "",
        Locked = unit.Locked,
        Deleted = unit.Deleted,
        Version = unit.Version,
        ChangedUnixMs = unit.Changed.ToUnixTimeMilliseconds(),
    };
}
