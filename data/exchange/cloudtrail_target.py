"""What an AWS call was about, as far as its CloudTrail record says so."""

import re
from collections.abc import Iterator, Mapping

from data.records import Json, Reference

# The request parameters that name what a call is about and what kind of thing it is, most telling first: what is made,
# changed or read before what it is made in or of. A call with both a snapshot and its database instance is about the
# snapshot. Without a kind here, it follows from the service and from what the call is called.
_PARAMETERS: Mapping[str, str] = {
    "bucketName": "s3_bucket",
    "bucket": "s3_bucket",
    "functionName": "lambda_function",
    "secretId": "secretsmanager_secret",
    "instanceProfileName": "iam_instance_profile",
    "roleName": "iam_role",
    "userName": "iam_user",
    "policyArn": "iam_policy",
    "policyName": "iam_policy",
    "dBSnapshotIdentifier": "rds_db_snapshot",
    "dBInstanceIdentifier": "rds_db_instance",
    "dBClusterIdentifier": "rds_db_cluster",
    "dBSubnetGroupName": "rds_db_subnet_group",
    "instanceId": "ec2_instance",
    "imageId": "ec2_image",
    "snapshotId": "ec2_snapshot",
    "volumeId": "ec2_volume",
    "natGatewayId": "ec2_nat_gateway",
    "networkInterfaceId": "ec2_network_interface",
    "routeTableId": "ec2_route_table",
    "internetGatewayId": "ec2_internet_gateway",
    "networkAclId": "ec2_network_acl",
    "flowLogId": "ec2_flow_log",
    "subnetId": "ec2_subnet",
    "groupId": "ec2_security_group",
    "allocationId": "ec2_elastic_ip",
    "groupName": "",
    "name": "",
    "trailName": "cloudtrail_trail",
    "roleArn": "iam_role",
    "vpcId": "ec2_vpc",
    "resourceId": "",
    "resourceName": "",
    "associationId": "",
    "attachmentId": "",
    "keyId": "kms_key",
    "logGroupName": "logs_log_group",
    "tableName": "dynamodb_table",
    "topicArn": "sns_topic",
    "queueUrl": "sqs_queue",
    "stackName": "cloudformation_stack",
    "repositoryName": "ecr_repository",
    "detectorId": "guardduty_detector",
    "profileId": "",
    "trustAnchorId": "",
    "configurationARN": "",
}
# Where a kind that follows from the name of the call would be wrong.
_IN_SERVICE: Mapping[tuple[str, str], str] = {
    ("cloudtrail", "name"): "cloudtrail_trail",
    ("ec2", "associationId"): "ec2_association",
    ("ec2", "attachmentId"): "ec2_attachment",
    ("ec2", "groupName"): "ec2_security_group",
    ("iam", "groupName"): "iam_group",
}
# Where an ARN's word for the kind is not the one that CloudTrail has for it.
_ARN_KINDS: Mapping[str, str] = {
    "rds_db": "rds_db_instance",
    "rds_snapshot": "rds_db_snapshot",
    "rds_subgrp": "rds_db_subnet_group",
}
_WORD_BREAK = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^A-Za-z0-9]+")
_API_VERSION = re.compile(r"[0-9]{8}(?:v[0-9]+)?$")  # Lambda's: CreateFunction20150331


def target_of(record: Mapping[str, Json], service: str, event_name: str) -> Reference | None:
    """The first resource whose type the record names; else the most telling request parameter; else None.

    `service` is the event source without `.amazonaws.com`.
    """
    resources = record.get("resources")
    for resource in resources if isinstance(resources, list) else ():
        if isinstance(resource, dict):
            kind, arn = resource.get("type"), resource.get("ARN")
            if isinstance(kind, str) and isinstance(arn, str) and kind and arn:
                return Reference(_resource_type(kind), arn, _last_part(arn))
    parameters = record.get("requestParameters")
    if not isinstance(parameters, dict):
        return None
    named: dict[str, str] = {}
    for key, text in _named_things(parameters):
        named.setdefault(key, text)
    for key, kind in _PARAMETERS.items():
        if key in named:
            kind = kind or _IN_SERVICE.get((service, key)) or _derived_type(service, event_name, key, named)
            return _reference(key, kind, named[key])
    return None


def _named_things(parameters: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    """Parameters with text, in all the forms that AWS has for them: `vpcId: x`, `instanceIds: [x]`, `trailNameList: [x]`,
    `vpcSet: {items: [{vpcId: x}]}`, `DescribeHostsRequest: {HostId: {tag: 1, content: x}}`."""
    for key, value in parameters.items():
        if isinstance(value, dict) and "content" in value:
            value = value["content"]
        if isinstance(value, list) and value:
            key, value = key.removesuffix("List").removesuffix("s"), value[0]
        if isinstance(value, str) and value.strip():
            # In a wrapped request the names are capitalised, and stay plural with one value.
            plain = key[:1].lower() + key[1:]
            yield (plain if plain in _PARAMETERS else plain.removesuffix("s")), value
        elif isinstance(value, dict) and key.endswith("Request"):
            yield from _named_things(value)
        elif isinstance(value, dict) and key.endswith("Set"):
            items = value.get("items", value.get("item"))
            first = items[0] if isinstance(items, list) and items else None
            if isinstance(first, dict):
                # Ids alone: the `name` of a filter or of a tag names nothing that the call is about.
                yield from ((inner, text) for inner, text in _named_things(first) if inner.endswith("Id"))


def _reference(key: str, kind: str, value: str) -> Reference:
    if value.startswith("arn:"):
        return Reference(kind, value, _last_part(value))
    # A secret's or a key's "id" may be its name or alias, and so may the id of a resource that has a path for a name.
    is_id = key.endswith("Id") and key != "secretId" and not value.startswith(("/", "alias/"))
    return Reference(kind, value) if is_id else Reference(kind, name=value)


def _resource_type(kind: str) -> str:
    """`AWS::S3::Bucket` is `s3_bucket`, `AWS::RDS::DBInstance` is `rds_db_instance`."""
    _, _, rest = kind.partition("::")
    service, _, thing = (rest or kind).partition("::")
    return "_".join(part for part in (_snake(service.lower()), _snake(thing)) if part)


def _derived_type(service: str, event_name: str, key: str, named: Mapping[str, str]) -> str:
    value = named[key]
    if value.startswith("arn:") and value.count(":") >= 5:
        _, _, service, _, _, resource = value.split(":", 5)
        kind = f"{_snake(service)}_{_snake(re.split('[:/]', resource)[0])}"
        return _ARN_KINDS.get(kind, kind)
    if key in ("resourceId", "resourceName"):
        thing = named.get("resourceType", "resource")
    else:
        # All but the verb: CreateTrustAnchor is about a trust anchor, GetParameters about a parameter.
        thing = _snake(_API_VERSION.sub("", event_name)).partition("_")[2].removesuffix("s") or "resource"
    return f"{_snake(service)}_{_snake(thing)}"


def _snake(text: str) -> str:
    return _WORD_BREAK.sub("_", text).strip("_").lower()


def _last_part(arn: str) -> str:
    return re.split("[:/]", arn.removesuffix(":*").rstrip(":/"))[-1] or arn
